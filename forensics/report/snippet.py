"""A sentence and a small table as HTML that does nothing: what notebooks show of an answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.deferred import deferred
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    import jinja2
    from jinja2 import Template
else:
    jinja2 = deferred("jinja2")  # most answers are printed; only notebooks show tables

MOST_ROWS: Final = 12

# no colours: the page around it is light or dark, and knows which
_TEMPLATE: Final = """\
<div>
<p><strong>{{ sentence }}</strong></p>
{%- if rows %}
<table>
<thead><tr>{% for header in headers %}<th style="text-align: left">{{ header }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for row in rows %}
<tr>{% for cell in row %}<td style="text-align: left; vertical-align: top">{{ cell }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody>
</table>
{%- endif %}
{%- if left_out %}
<p>{{ left_out }} more {{ "row" if left_out == 1 else "rows" }}: print() or to_frame() shows all.</p>
{%- endif %}
</div>
"""


class Gist(NamedTuple):
    """What an answer comes to, in a sentence, and what belongs beside it in a table."""

    sentence: str
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def snippet(gist: Gist) -> str:
    """The gist as HTML: escaped, without script, links or anything that is loaded; only the first rows."""
    return _template().render(
        sentence=clean(gist.sentence),
        headers=gist.headers,
        rows=[[clean(cell) for cell in row] for row in gist.rows[:MOST_ROWS]],
        left_out=max(0, len(gist.rows) - MOST_ROWS),
    )


@cache
def _template() -> Template:
    return jinja2.Environment(autoescape=True).from_string(_TEMPLATE)
