// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import "./Coins.sol";

// Two tokens whose product stays: what comes in is there already, what goes out is sent to whom the caller names.
contract Pool {
    event Swap(address indexed sender, uint256 paid, uint256 got, address indexed to);

    Coin public immutable one;
    Coin public immutable other;
    uint256 heldOne;
    uint256 heldOther;

    constructor(Coin first, Coin second) { (one, other) = (first, second); }

    function sync() external { (heldOne, heldOther) = (one.balanceOf(address(this)), other.balanceOf(address(this))); }

    function swap(Coin paidIn, address to) external returns (uint256 got) {
        uint256 paid;
        if (paidIn == one) {
            paid = one.balanceOf(address(this)) - heldOne;
            got = heldOther * paid * 997 / (heldOne * 1000 + paid * 997);
            other.transfer(to, got);
        } else {
            paid = other.balanceOf(address(this)) - heldOther;
            got = heldOne * paid * 997 / (heldOther * 1000 + paid * 997);
            one.transfer(to, got);
        }
        (heldOne, heldOther) = (one.balanceOf(address(this)), other.balanceOf(address(this)));
        emit Swap(msg.sender, paid, got, to);
    }
}

contract Router {
    Weth immutable weth;

    constructor(Weth wrapped) { weth = wrapped; }

    receive() external payable {}

    function swap(Pool pool, Coin paidIn, uint256 amount, address to) external {
        paidIn.transferFrom(msg.sender, address(pool), amount);
        pool.swap(paidIn, to);
    }

    // Through two pools, the first of which pays the second.
    function hop(Pool first, Coin paidIn, Pool second, Coin between, uint256 amount, address to) external {
        paidIn.transferFrom(msg.sender, address(first), amount);
        first.swap(paidIn, address(second));
        second.swap(between, to);
    }

    function buyWithCoin(Pool pool, address to) external payable {
        weth.deposit{value: msg.value}();
        weth.transfer(address(pool), msg.value);
        pool.swap(Coin(address(weth)), to);
    }

    function sellForCoin(Pool pool, Coin paidIn, uint256 amount, address payable to) external {
        paidIn.transferFrom(msg.sender, address(pool), amount);
        uint256 got = pool.swap(paidIn, address(this));
        weth.withdraw(got);
        (bool paid, ) = to.call{value: got}("");
        require(paid);
    }
}

// Takes the money itself, splits it over two pools and hands on what they paid: the pools never meet the customer.
contract Aggregator {
    function swap(Pool first, Pool second, Coin paidIn, Coin bought, uint256 amount, address to) external {
        paidIn.transferFrom(msg.sender, address(this), amount);
        paidIn.transfer(address(first), amount / 3);
        uint256 got = first.swap(paidIn, address(this));
        paidIn.transfer(address(second), amount - amount / 3);
        got += second.swap(paidIn, address(this));
        bought.transfer(to, got);
    }
}
