"""What the pages say, against what was loaded; what they must never say; and what their buttons do."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from tests.pipeline.ledgers import resident_id
from tests.unit.board.conftest import AS_OF, ENGINEER, Browser, Home, browser_for

from zaoxue.board import rendering
from zaoxue.board.queries.heat_map import STATES, Standing
from zaoxue.receipts.write import receipts_folder
from zaoxue.warehouse.database import connect

BOARD = Path(rendering.__file__).parent


def cells(html: str, code: str) -> str:
    """The signs of a recipient's row."""
    row = next(line for line in html.splitlines() if f"<small>{code}</small>" in line)
    return "".join(re.findall(r"<td class=\w>(.)", row))


def test_the_overview_tells_each_night_of_each_district(browser: Browser) -> None:
    page = browser(ENGINEER).get("/zaoxue/?feed=placement").text
    # April came on 5 May, May is held since 3 June and due on 5 June; the others never sent: April missing since 13 May.
    assert cells(page, "990101") == "缺" * 30
    assert cells(page, "990201") == "缺" * 30
    may = browser(ENGINEER).get("/zaoxue/?feed=placement&month=2026-06&lang=en").text
    assert cells(may, "990201") == "M" * 30
    assert 'lang="en"' in may
    with_no_one = browser(ENGINEER).get("/zaoxue/?prefecture=9902&feed=placement").text
    assert "云禾县" in with_no_one
    assert "白石县" not in with_no_one
    assert browser(ENGINEER).get("/zaoxue/?month=nonsense").status_code == 400
    assert f"{AS_OF}" in page


def test_the_district_page_tells_what_is_open_sent_kept_out_and_told(home: Home, browser: Browser) -> None:
    page = browser(ENGINEER).get("/zaoxue/district/990101").text
    assert "石塘镇" in page
    assert "2026-04" in page
    assert "就业台账_2026年5月.xlsx" in page
    assert "PLC.started_on" in page
    assert f"/zaoxue/submission/{home.files['990101001', '2026-05']}/release" in page
    assert "【造血】" in page
    assert "json" in page
    assert "secret.example" not in page
    assert "青溪区&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    own = browser("990101").get("/zaoxue/district/990101").text
    assert '<form class="act"' not in own
    assert "/receipt" in own


def test_the_page_of_a_file_tells_every_step(home: Home, browser: Browser) -> None:
    page = browser("990101").get(f"/zaoxue/submission/{home.files['990101001', '2026-04']}?lang=en").text
    assert "39 rows accepted, 1 in quarantine" in page
    assert "昨*" in page  # masked as in the receipt
    assert "昨天" not in page
    assert "Gate results" in page
    assert "2026-05-05 09:00" in page


def test_a_receipt_is_the_file_that_was_made_and_no_other(home: Home, browser: Browser) -> None:
    sent = home.files["990101001", "2026-04"]
    for account in (ENGINEER, "990101", "990101001"):
        answer = browser(account).get(f"/zaoxue/submission/{sent}/receipt")
        assert answer.status_code == 200
        made = receipts_folder(home.settings) / "990101_青溪区/990101001_柳桥镇/就业台账_2026年4月_回执.xlsx"
        assert answer.content == made.read_bytes()
        assert answer.headers["content-disposition"].startswith("attachment")
    assert browser("990101002").get(f"/zaoxue/submission/{sent}/receipt").status_code == 403


def test_a_receipt_never_leaves_its_folder(own_home: Home) -> None:
    sent = own_home.files["990101001", "2026-04"]
    (own_home.settings.home / "person_key_secret.copy").write_text("secret")
    with connect(own_home.settings) as connection:
        connection.execute("update ops.receipt set path = '../person_key_secret.copy' where submission_id = %s", [sent])
    assert browser_for(own_home.settings)(ENGINEER).get(f"/zaoxue/submission/{sent}/receipt").status_code == 404


def test_release_and_withdrawal_are_done_once_and_recorded(own_home: Home) -> None:
    engineer, held = browser_for(own_home.settings)(ENGINEER), own_home.files["990101001", "2026-05"]
    done = engineer.post(f"/zaoxue/submission/{held}/release", data={"reason": "电话核实 <i>"}, follow_redirects=False)
    assert done.status_code == 303
    page = engineer.get(done.headers["location"]).text
    assert "已放行并记录" in page
    assert "电话核实 &lt;i&gt;" in page
    assert cells(engineer.get("/zaoxue/?feed=placement").text, "990101") == "缺" * 30  # 石塘镇 still owes
    board = "select held & (1 << 29), missing & (1 << 29) from ops.night_board where (month, feed, recipient_code) = ('2026-06-01', 'placement', '990101')"  # fmt: skip
    with connect(own_home.settings) as connection:
        assert connection.execute("select state from ops.submission where submission_id = %s", [held]).fetchone() == (
            "accepted_with_rejects",
        )
        assert connection.execute(board).fetchone() == (0, 1 << 29)
        assert connection.execute("select act, reason, acted_by from ops.submission_act").fetchall() == [
            ("release", "电话核实 <i>", ENGINEER)
        ]
    again = engineer.post(
        f"/zaoxue/submission/{own_home.files['990102001', '2026-04']}/release", data={"reason": "再放"}
    )
    assert again.status_code == 409
    assert "is not held" in again.text
    gone = engineer.post(f"/zaoxue/submission/{held}/withdraw", data={"reason": "报错了"})
    assert gone.status_code == 200
    assert "已撤回" in gone.text
    with connect(own_home.settings) as connection:
        assert connection.execute(
            "select count(*) from raw.placement where _to_submission is null and organisation_code = '990101001'"
        ).fetchone() == (39,)


def test_no_personal_data_on_any_page(home: Home, browser: Browser) -> None:
    engineer = browser(ENGINEER)
    addresses = ["/", *(f"/district/{code}" for code in ("990101", "990102", "9901")), *(f"/submission/{s}" for s in home.files.values())]  # fmt: skip
    for path in addresses:
        page = engineer.get(f"/zaoxue{path}")
        assert page.status_code == 200
        for secret in ("测试1", resident_id(1), "13900000000"):
            assert secret not in page.text, path


def test_the_language_is_kept(browser: Browser) -> None:
    own = browser("990101")
    assert '<html lang="zh-CN">' in own.get("/zaoxue/").text
    assert "Who has sent" in own.get("/zaoxue/?lang=en").text
    assert "Who has sent" in own.get("/zaoxue/").text
    assert "报送情况" in own.get("/zaoxue/?lang=zh").text
    assert "Who has sent" in browser("990101").get("/zaoxue/", headers={"accept-language": "en-GB"}).text


def test_every_phrase_is_there_in_both_languages_and_used() -> None:
    said: set[str] = set()
    stems: set[str] = set()
    for path in [*BOARD.rglob("*.html"), *BOARD.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r"""["']([a-z_0-9]+)["']""", text))
        stems |= set(re.findall(r"""["']([a-z]+_)(?:["'] ~|\{)""", text)) | set(
            re.findall(r"""f["']([a-z]+_)\{""", text)
        )
    unused = {key for key in rendering.words() if key not in said and not any(key.startswith(s) for s in stems)}
    assert unused == set()
    for key, (zh, en) in rendering.words().items():
        assert zh.strip(), key
        assert en.strip(), key
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key


@pytest.mark.parametrize("path", ["/district/990101%00", "/submission/../../etc/passwd", "/district/' or 1=1", "/static/../app.py"])  # fmt: skip
def test_odd_addresses_are_refused(browser: Browser, path: str) -> None:
    assert browser(ENGINEER).get(f"/zaoxue{path}").status_code in (400, 404)


def test_the_worst_state_of_each_night_by_runs_is_that_of_each_night_by_itself() -> None:
    rng = random.Random(2)
    for _ in range(300):
        nights = rng.randint(1, 62)
        masks = {state: rng.getrandbits(64) & rng.getrandbits(64) & rng.getrandbits(64) for state in STATES}
        standing = Standing(code="", name="", kind="district", parent=None, outstanding=0, **masks)
        wanted = [next((s for s in STATES if masks[s] >> night & 1), None) for night in range(nights)]
        assert [state for state, length in standing.runs(nights) for _ in range(length)] == wanted
