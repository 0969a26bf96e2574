"""Each client has its places, and waits for no other client."""

from __future__ import annotations

import asyncio

from app.guards.turns import Turns


def test_a_client_beyond_its_places_waits_for_its_turn() -> None:
    async def come() -> None:
        turns = Turns(2, patience=5.0)
        assert await turns.take("a")
        assert await turns.take("a")
        third = asyncio.create_task(turns.take("a"))
        await asyncio.sleep(0.01)
        assert not third.done()
        assert await turns.take("b")
        turns.leave("a")
        assert await third

    asyncio.run(come())


def test_patience_ends() -> None:
    async def come() -> None:
        turns = Turns(1, patience=0.02)
        assert await turns.take("a")
        assert not await turns.take("a")
        turns.leave("a")
        assert await turns.take("a")

    asyncio.run(come())


def test_who_leaves_the_line_takes_no_place() -> None:
    async def come() -> None:
        turns = Turns(1, patience=5.0)
        await turns.take("a")
        gone = asyncio.create_task(turns.take("a"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        turns.leave("a")
        assert await asyncio.wait_for(turns.take("a"), 0.5)

    asyncio.run(come())


def test_clients_that_are_gone_are_forgotten() -> None:
    async def come() -> Turns:
        turns = Turns(1, patience=0.01)
        for number in range(100):
            await turns.take(str(number))
            await turns.take(str(number))
            turns.leave(str(number))
        return turns

    assert asyncio.run(come())._line_of == {}
