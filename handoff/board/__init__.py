"""The board "whose turn is it": the live leads of one leg on three sheets. It only reads."""

from handoff.board.cards import Column, columns_of
from handoff.board.legs import chosen_leg, legs_by_lane
from handoff.board.lists import SIZE, Wanted
from handoff.board.version import version_now

__all__ = ["SIZE", "Column", "Wanted", "chosen_leg", "columns_of", "legs_by_lane", "version_now"]
