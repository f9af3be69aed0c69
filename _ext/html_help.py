"""HTML Help: pages that its viewer can show, and the pages of the menu among its contents.

The viewer is an old browser that shows a message for each script that it does not understand, so the
theme of a website is none for it. Sphinx leaves out of the contents what a hidden toctree has.
"""

from typing import Any

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata
from sphinxcontrib.htmlhelp import HTMLHelpBuilder

from common.store import EXTENSION


class ScriptlessHTMLHelpBuilder(HTMLHelpBuilder):
    """Uses the theme that Sphinx has for such formats."""

    def get_theme_config(self) -> tuple[str, dict[str, Any]]:
        """Return its name, and no options."""
        return "nonav", {}


class ShowToctrees(SphinxPostTransform):
    """Show every toctree: there is no menu beside the page."""

    default_priority = 400  # any: toctrees are resolved after all transforms
    builders = ("htmlhelp",)

    def run(self, **_kwargs: object) -> None:
        """Unhide them."""
        for toctree in self.document.findall(addnodes.toctree):
            toctree["hidden"] = False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the builder in the place of Sphinx's."""
    app.setup_extension("sphinxcontrib.htmlhelp")
    app.add_builder(ScriptlessHTMLHelpBuilder, override=True)
    app.add_post_transform(ShowToctrees)
    return EXTENSION
