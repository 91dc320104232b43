"""Pictures of the HTML report of the sample incident, as a browser shows it on a desk and on a phone.

``python -m handbook.photographs`` takes them again. It needs Chromium with its chromedriver, and selenium and Pillow,
which the development dependencies have.
"""

from __future__ import annotations

import base64
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

import forensics
import sample_repos
from forensics.report.html import report_html
from handbook.pictures import FOLDER

ARGUMENTS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-lcd-text",
)
PICTURES: Final = ((1280, ".timeline .detail"), (390, ".verdict .advice"))
"""Width of the screen, and the last thing to be seen."""
SHOWN: Final = """
document.getElementById('filter').remove();
const bar = document.querySelector('.lane .bar.f1');
bar.dispatchEvent(new PointerEvent('pointerenter'));
"""


def main() -> int:
    """Build the sample repository, write its report and photograph it."""
    driver = shutil.which("chromedriver")
    if driver is None:
        sys.stderr.write("no chromedriver here: apt-get install chromium chromium-driver\n")
        return 1
    options = ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "opsmatic-2014"
        sample_repos.build("opsmatic-2014", repository)
        page = Path(folder) / "report.html"
        page.write_text(report_html(forensics.open(repository).report().value), encoding="utf-8")
        browser = Chrome(options=options, service=ChromeService(driver))
        try:
            for width, last in PICTURES:
                (FOLDER / f"report-{width}.png").write_bytes(picture(browser, page.as_uri(), width, last))
        finally:
            browser.quit()
    return 0


def picture(browser: Chrome, address: str, width: int, last: str) -> bytes:
    """The page from its top to the end of an element, on a screen of a width."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}  # noqa: PLR2004 (a phone)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(address)
    browser.execute_script(SHOWN)
    end = browser.execute_script("return document.querySelector(arguments[0]).getBoundingClientRect().bottom", last)
    taken = browser.execute_cdp_cmd(
        "Page.captureScreenshot",
        {
            "format": "png",
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": width, "height": round(end) + 8, "scale": 1},
        },
    )
    small = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(taken["data"]))).quantize(dither=Image.Dither.NONE).save(
        small, "png", optimize=True
    )
    return small.getvalue()


if __name__ == "__main__":
    sys.exit(main())
