// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

// Tokens for tests, as small as their standards allow: no names, no approvals.

contract Coin {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Named(string name);

    mapping(address => uint256) public balanceOf;
    uint256 public totalSupply;

    constructor(uint256 supply) {
        make(msg.sender, supply);
        emit Named("a coin for tests");
    }

    function make(address to, uint256 value) public {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function burn(uint256 value) external {
        balanceOf[msg.sender] -= value;
        totalSupply -= value;
        emit Transfer(msg.sender, address(0), value);
    }

    function transfer(address to, uint256 value) external virtual returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    // Whoever asks may take: enough for pools and routers of a test.
    function transferFrom(address from, address to, uint256 value) external virtual returns (bool) {
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) internal {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

// Takes one part in a hundred of each transfer and says so.
contract TollCoin is Coin {
    address immutable keeper;

    constructor(uint256 supply, address to) Coin(supply) { keeper = to; }

    function transfer(address to, uint256 value) external override returns (bool) {
        move(msg.sender, keeper, value / 100);
        move(msg.sender, to, value - value / 100);
        return true;
    }
}

// Takes one part in a hundred of each transfer and does not say so.
contract SlyCoin is Coin {
    constructor(uint256 supply) Coin(supply) {}

    function transfer(address to, uint256 value) external override returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value - value / 100;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

// Coin as a token, one for one, with the events of WETH9.
contract Weth {
    event Transfer(address indexed src, address indexed dst, uint256 wad);
    event Deposit(address indexed dst, uint256 wad);
    event Withdrawal(address indexed src, uint256 wad);

    mapping(address => uint256) public balanceOf;

    receive() external payable { deposit(); }

    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 wad) external {
        balanceOf[msg.sender] -= wad;
        (bool paid, ) = msg.sender.call{value: wad}("");
        require(paid, "unpaid");
        emit Withdrawal(msg.sender, wad);
    }

    function transfer(address dst, uint256 wad) external returns (bool) {
        return transferFrom(msg.sender, dst, wad);
    }

    function transferFrom(address src, address dst, uint256 wad) public returns (bool) {
        balanceOf[src] -= wad;
        balanceOf[dst] += wad;
        emit Transfer(src, dst, wad);
        return true;
    }
}

contract Things {
    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    mapping(uint256 => address) public ownerOf;

    function make(uint256 id) external {
        require(ownerOf[id] == address(0));
        ownerOf[id] = msg.sender;
        emit Transfer(address(0), msg.sender, id);
    }

    function give(address to, uint256 id) external {
        require(ownerOf[id] == msg.sender);
        ownerOf[id] = to;
        emit Transfer(msg.sender, to, id);
    }
}

contract Kinds {
    event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value);
    event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values);

    mapping(uint256 => mapping(address => uint256)) public balanceOf;

    function makeTwo(uint256 first, uint256 second, uint256 value) external {
        uint256[] memory ids = new uint256[](2);
        uint256[] memory values = new uint256[](2);
        (ids[0], ids[1], values[0], values[1]) = (first, second, value, 2 * value);
        balanceOf[first][msg.sender] += value;
        balanceOf[second][msg.sender] += 2 * value;
        emit TransferBatch(msg.sender, address(0), msg.sender, ids, values);
    }

    function give(address to, uint256 id, uint256 value) external {
        balanceOf[id][msg.sender] -= value;
        balanceOf[id][to] += value;
        emit TransferSingle(msg.sender, msg.sender, to, id, value);
    }
}
