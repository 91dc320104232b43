"""Every way of uploading that there is. To add one, write its module and list it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.uploads import chef_solo, command_list, from_file, grocery_delivery, knife_upload, logged_requests
from forensics.uploads.uploader import LineUploader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.uploads.scenario import Scenario
    from forensics.uploads.uploader import Uploader

ALL: Final[tuple[Uploader, ...]] = (
    from_file.UPLOADER,
    knife_upload.UPLOADER,
    grocery_delivery.UPLOADER,
    chef_solo.UPLOADER,
    chef_solo.LEGACY,
    command_list.UPLOADER,
    logged_requests.UPLOADER,
)

CONFIGURABLE: Final = {uploader.name: uploader for uploader in ALL if isinstance(uploader, LineUploader)}
"""Those of which somebody may make a scenario of their own, by name."""

_BY_NAME: Final[Mapping[str, Uploader]] = {uploader.name: uploader for uploader in ALL}


def uploader_of(scenario: Scenario) -> Uploader:
    """The uploader that a scenario names."""
    return _BY_NAME[scenario.uploader]
