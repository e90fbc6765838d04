"""`zaoxue news extract` and `zaoxue news repair`."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from zaoxue.cli.news import app


def test_extract(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("今年以来，淮南市潘集区帮扶就业623人。村民赵有田说很好。", "utf-8")
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "one.txt")])
    assert result.exit_code == 0
    (claim,) = json.loads(result.stdout)["one"]["claims"]
    assert (claim["text"], claim["value"], claim["measure"], claim["place"]) == (
        "623人",
        623,
        "persons_placed",
        "安徽省淮南市潘集区",
    )
    assert "赵有田" not in result.stdout


def test_repair_prints_text_and_log(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("就業(yè)幫扶,培訓(xùn)學員,送崗位", "utf-8")
    result = CliRunner().invoke(app, ["repair", str(tmp_path / "one.txt")])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("就业帮扶")
    assert "pinyin_annotation" in result.stdout
    as_json = json.loads(CliRunner().invoke(app, ["repair", "--json", str(tmp_path / "one.txt")]).stdout)
    assert as_json["one"]["repairs"][0].keys() == {"step", "start", "before", "after"}


def test_a_page_without_text_fails(tmp_path: Path) -> None:
    (tmp_path / "login.html").write_text("<html><body><form></form></body></html>", "utf-8")
    assert CliRunner().invoke(app, ["extract", str(tmp_path / "login.html")]).exit_code == 1
