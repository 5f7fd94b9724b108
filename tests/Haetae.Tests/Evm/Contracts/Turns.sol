// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import "./Coins.sol";

// Calls that fail within calls that do not.
contract Breaker {
    event Tried(bool done);

    receive() external payable {}

    // Pays one wei and a token, then fails: neither may stay.
    function fail(Coin coin, address payable to) external payable {
        (bool paid, ) = to.call{value: 1}("");
        require(paid);
        coin.transfer(to, 1);
        revert("on purpose");
    }

    // Keeps what it was sent, tries what fails, then pays half of the value for good.
    function attempt(Coin coin, address payable to) external payable {
        try this.fail{value: 10}(coin, to) { emit Tried(true); } catch { emit Tried(false); }
        (bool paid, ) = to.call{value: msg.value / 2}("");
        require(paid);
        coin.transfer(to, 5);
    }
}

// Coin alone: pays half of what it is sent, after a try at paying more that fails.
contract Till {
    receive() external payable {}

    function lose(address payable to) external payable {
        (bool paid, ) = to.call{value: msg.value}("");
        require(paid);
        revert("on purpose");
    }

    function pay(address payable to) external payable {
        try this.lose{value: msg.value / 4}(to) {} catch {}
        (bool paid, ) = to.call{value: msg.value / 2}("");
        require(paid);
    }
}

contract Child {
    constructor() payable {}

    receive() external payable {}

    function end(address payable heir) external { selfdestruct(heir); }
}

contract Brief {
    constructor(address payable heir) payable { selfdestruct(heir); }
}

contract Factory {
    Child public last;

    function make() external payable { last = new Child{value: msg.value}(); }

    function makeAt(bytes32 salt) external payable { last = new Child{value: msg.value, salt: salt}(); }

    function end(address payable heir) external { last.end(heir); }

    // Made and ended within one transaction, paying an heir.
    function flash(address payable heir) external payable { new Brief{value: msg.value}(heir); }
}

// Deposits of one size, withdrawals to anyone, as the classic pools of Tornado Cash emit them; proofs are not asked for.
contract Mixer {
    event Deposit(bytes32 indexed commitment, uint32 leafIndex, uint256 timestamp);
    event Withdrawal(address to, bytes32 nullifierHash, address indexed relayer, uint256 fee);

    uint256 immutable denomination;
    uint32 leaves;
    mapping(bytes32 => bool) spent;

    constructor(uint256 size) { denomination = size; }

    function deposit(bytes32 commitment) external payable {
        require(msg.value == denomination);
        emit Deposit(commitment, leaves++, block.timestamp);
    }

    function withdraw(bytes32 nullifierHash, address payable to, address payable relayer, uint256 fee) external {
        require(!spent[nullifierHash]);
        spent[nullifierHash] = true;
        (bool paid, ) = to.call{value: denomination - fee}("");
        require(paid);
        if (fee > 0) {
            (paid, ) = relayer.call{value: fee}("");
            require(paid);
        }
        emit Withdrawal(to, nullifierHash, relayer, fee);
    }
}

// The two ends of a bridge with the events of Celer's cBridge: locked here, released there, tied by the transfer's id.
contract Bridge {
    event Send(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 dstChainId, uint64 nonce, uint32 maxSlippage);
    event Relay(bytes32 transferId, address sender, address receiver, address token, uint256 amount, uint64 srcChainId, bytes32 srcTransferId);

    function send(address receiver, Coin token, uint256 amount, uint64 dstChainId, uint64 nonce, uint32 maxSlippage) external {
        bytes32 id = keccak256(abi.encodePacked(msg.sender, receiver, address(token), amount, dstChainId, nonce, uint64(block.chainid)));
        token.transferFrom(msg.sender, address(this), amount);
        emit Send(id, msg.sender, receiver, address(token), amount, dstChainId, nonce, maxSlippage);
    }

    function relay(address sender, address receiver, Coin token, uint256 amount, uint64 srcChainId, bytes32 srcTransferId) external {
        bytes32 id = keccak256(abi.encodePacked(sender, receiver, address(token), amount, srcChainId, uint64(block.chainid), srcTransferId));
        token.transfer(receiver, amount);
        emit Relay(id, sender, receiver, address(token), amount, srcChainId, srcTransferId);
    }
}
