"""The page as a browser shows it: nothing runs that came from data, nothing overlaps, nothing is cut off."""

from __future__ import annotations

import pytest
from browser import chromium, screen, without_script
from hostile_report import EVERYTHING, STRUCTURE, replaced, with_everything
from reporting import story_report

import sample_repos
from forensics.report.html import report_html

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("width", [1280, 390])
HOSTILE = {
    "what people write": ("opsmatic-2014", STRUCTURE),
    "about others": ("environment-and-data-bag", STRUCTURE),
    "every field": ("rb-json-twins", frozenset()),
}

BESIDE_THE_SCREEN = """
document.querySelectorAll('details').forEach(each => { each.open = true; });
const width = document.documentElement.clientWidth;
const beside = [...document.querySelectorAll('body *')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.width > 0 && !each.closest('.scroll, .skip') && (box.right > width + 1 || box.left < -1);
});
const cut = width > 704 ? [] : [...document.querySelectorAll('.scroll')].filter(
  each => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1);
return [document.documentElement.scrollWidth - width, [...beside, ...cut].map(each => each.outerHTML.slice(0, 90))];
"""
OVERLAPPING = """
document.querySelectorAll('details').forEach(each => { each.open = true; });
const found = [];
document.querySelectorAll('svg.lane').forEach(lane => {
  const texts = [...lane.querySelectorAll('text')].filter(each => each.getBoundingClientRect().width > 0);
  const boxes = texts.map(each => each.getBoundingClientRect());
  const around = lane.getBoundingClientRect();
  boxes.forEach((box, place) => {
    if (box.left < around.left - 1 || box.right > around.right + 1) found.push('cut: ' + texts[place].textContent);
    boxes.slice(place + 1).forEach((other, further) => {
      if (box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)
        found.push(texts[place].textContent + ' and ' + texts[place + 1 + further].textContent);
    });
  });
});
return found;
"""
FOLDED = """
return [...document.querySelectorAll('details')].filter(each => {
  const inside = [...each.children].find(child => child.tagName !== 'SUMMARY');
  return inside && !inside.checkVisibility();
}).length;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A function that gives the address of a page: of a sample story, or of a hostile report."""
    folder = tmp_path_factory.mktemp("pages")
    written = {}

    def of(name):
        if name not in written:
            if name in HOSTILE:
                story, keep = HOSTILE[name]
                report = replaced(with_everything(story_report(story)), EVERYTHING, keep=keep)
            else:
                report = story_report(name)
            path = folder / f"{len(written)}.html"
            path.write_text(report_html(report), encoding="utf-8")
            written[name] = path.as_uri()
        return written[name]

    return of


@pytest.mark.parametrize("name", HOSTILE)
def test_a37_nothing_from_the_data_runs(name, browser, address):
    screen(browser, 1280)
    browser.get_log("browser")
    browser.get(address(name))
    browser.execute_script(
        "const kinds = ['pointerenter', 'mouseover', 'focus', 'error', 'load'];"
        "document.querySelectorAll('body *').forEach(each => {"
        " for (const kind of kinds) each.dispatchEvent(new Event(kind)); });"
    )
    assert browser.execute_script("return window.__pwned === undefined")
    assert "a forensics report" in browser.title
    assert "<svg onload=window.__pwned=1>" in browser.title
    assert browser.execute_script("return document.querySelectorAll('img, h1').length") == 1
    assert browser.get_log("browser") == []


def test_a37_the_policy_is_in_force(browser, address):
    browser.get(address("opsmatic-2014"))
    browser.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.__pwned = 1';"
        "document.body.append(script);"
        "const image = document.createElement('img'); image.setAttribute('onerror', 'window.__pwned = 1');"
        "image.src = 'https://example.org/x.png'; document.body.append(image);"
    )
    assert browser.execute_script("return window.__pwned === undefined")
    refused = [entry["message"] for entry in browser.get_log("browser")]
    assert len(refused) >= 2
    assert all("Content Security Policy" in message for message in refused)


@WIDTHS
@pytest.mark.parametrize("name", [*sample_repos.names(), *HOSTILE])
def test_nothing_is_cut_and_nothing_overlaps(name, width, browser, address):
    screen(browser, width)
    browser.get(address(name))
    assert browser.execute_script(BESIDE_THE_SCREEN) == [0, []]
    assert browser.execute_script(OVERLAPPING) == []
    assert browser.get_log("browser") == []


def test_it_reads_without_its_script(browser, address):
    screen(browser, 390)
    without_script(browser)
    try:
        browser.get(address("opsmatic-2014"))
        shown = browser.find_element("tag name", "main").text
        for words in (
            "Exposed at the tip: YES",
            "knife role from file roles/base.json",
            "recipe[base::remove_default_users]",
            "still so",
            "What was live beside what the canonical file said",
        ):
            assert words in shown
        lane = browser.find_element("css selector", "svg.lane .bar")
        assert lane.size["height"] > 10
        assert not [tool for tool in browser.find_elements("css selector", ".tool, .filter") if tool.is_displayed()]
        summary = browser.find_element("css selector", ".timeline details > summary")
        summary.click()
        assert browser.find_element("css selector", ".timeline table").is_displayed()
    finally:
        without_script(browser, off=False)


def test_a_mark_tells_its_commit_to_the_pointer_and_to_the_keyboard(browser, address):
    screen(browser, 1280)
    browser.get(address("opsmatic-2014"))
    detail = browser.find_element("css selector", ".detail")
    assert not detail.is_displayed()
    bars = browser.find_elements("css selector", ".lane .bar[data-c]")
    browser.execute_script("arguments[0].focus()", bars[0])
    assert "A: roles/base.json was live from 2013-07-16" in detail.text
    bars[0].send_keys("\ue014")  # right arrow
    first = detail.text
    assert "Commit " in first
    assert browser.switch_to.active_element == bars[1]
    mark = browser.find_elements("css selector", ".mark.added[data-c]")[1]
    mark.click()
    assert "B: roles/base-original.json begins to declare it on 2013-10-08 (c4eff3feed95)" in detail.text
    assert "Dana Whitfield: git commit -a: nginx keepalive, README" in detail.text


def test_a_finding_leads_to_its_place_in_the_timeline(browser, address):
    screen(browser, 1280)
    browser.get(address("opsmatic-2014"))
    browser.find_element("css selector", "a[data-show]").click()
    assert "7a529af17e5d" in browser.find_element("css selector", ".detail").text
    assert browser.current_url.endswith("#object-1-timeline")


def test_ways_of_uploading_can_be_hidden(browser, address):
    screen(browser, 1280)
    browser.get(address("opsmatic-2014"))
    lanes = browser.find_elements("css selector", ".row.scenario")
    assert [lane.is_displayed() for lane in lanes] == [True] * 4
    browser.find_element("css selector", "#filter [data-all='0']").click()
    assert [lane.is_displayed() for lane in lanes] == [False] * 4
    browser.find_element("css selector", "#filter input[value='4']").click()
    (left,) = [lane.text for lane in lanes if lane.is_displayed()]
    assert left.startswith("changed-locale, changed-reversed")


def test_the_theme_follows_the_system_until_somebody_chooses(browser, address):
    paper = "return getComputedStyle(document.body).backgroundColor"
    screen(browser, 1280, dark=True)
    browser.get(address("opsmatic-2014"))
    dark = browser.execute_script(paper)
    screen(browser, 1280)
    light = browser.execute_script(paper)
    assert light != dark
    browser.find_element("id", "theme").click()
    assert browser.execute_script(paper) == dark
    assert browser.find_element("id", "theme").text == "Light"


def test_on_paper_everything_is_unfolded(browser, address):
    screen(browser, 1280)
    browser.get(address("side-branch-three-way"))
    assert browser.execute_script(FOLDED) > 0
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.execute_script(FOLDED) == 0
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
