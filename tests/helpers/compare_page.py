"""What is done and seen on the Compare page, in the app and on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def box(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is drawn."""
    return boxes(locator)[0]


def boxes(locator: Locator) -> list[tuple[float, float, float, float]]:
    """As :func:`box`, of all that ``locator`` finds: found and measured in one step, between two drawings."""
    locator.first.wait_for()
    found = locator.evaluate_all(
        """nodes => nodes
            .map(node => node.getBoundingClientRect())
            .map(({left, top, right, bottom}) => [left, top, right, bottom])"""
    )
    assert found
    return [(left, top, right, bottom) for left, top, right, bottom in found]


def full_row(page: Page) -> Locator:
    """The first row, which all four sources carry, opened."""
    row = page.locator(".entry").first
    row.locator(".opener").click()
    row.locator(".detail").wait_for()
    return row


def slide(page: Page, value: int) -> None:
    page.get_by_role("slider").fill(str(value))
    page.wait_for_url(f"**sure={value / 100}**")  # written once the rows are drawn
