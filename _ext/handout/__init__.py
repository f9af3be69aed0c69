"""Handouts: one side of paper for each place, made of marked parts of the pages.

A page marks what is printed with a `handout` directive, which changes nothing on the page itself. What
holds for one place only is not marked: a section whose title is the name of a place, and a row of a
table that begins with it, are on the handouts of that place. The builder ``handout`` writes a PDF for
each place and size of paper, in the largest type that fits on one side, and fails when none does.
A web site that is built later offers those that were made of the words that it shows.
"""

from handout._extension import setup

__all__ = ["setup"]
