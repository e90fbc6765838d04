"""Take the README's and the documents' pictures of the board, on the home of the last night: `make pictures`."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from zaoxue.airflow_home import migrate_airflow
from zaoxue.airflow_services import AirflowServices, free_port
from zaoxue.nightly import start_databases
from zaoxue.settings import load_settings

HERE = Path(__file__).parent
PATIENCE = 240_000  # milliseconds


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, the window, the language."""

    name: str
    path: str
    width: int
    height: int
    language: str = "zh"


SHOTS = (
    Shot("board-airflow", "/plugin/zaoxue", 1180, 760),
    Shot("board-overview-en", "/zaoxue/", 1060, 720, "en"),
    Shot("board-district", "/zaoxue/district/990204", 1060, 900),
    Shot("board-outcomes", "/zaoxue/outcomes?horizon=180", 900, 800),
    Shot("board-claims", "/zaoxue/claims", 1060, 620),
    Shot("board-narrow", "/zaoxue/", 390, 760),
)


def main() -> None:
    """Write docs/pictures/board-*.png."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("make pictures needs Debian's chromium and fonts-noto-cjk")
    settings = load_settings()
    start_databases(settings)
    migrate_airflow(settings)
    services = AirflowServices(settings)
    is_ours = not services.running()
    url = services.start("127.0.0.1", free_port(), {}, ("api-server",))
    try:
        services.wait_until_healthy(url, ("api-server",))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            context = browser.new_context(locale="zh-CN", color_scheme="light")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.goto(url)
            page.fill("input[name=username]", "admin")
            page.fill("input[name=password]", services.accounts()["admin"])
            page.click("button[type=submit]")
            page.wait_for_url(lambda address: "/auth/" not in address)
            for shot in SHOTS:
                take(page, url, shot)
            browser.close()
    finally:
        if is_ours:
            services.stop()


def take(page: Page, url: str, shot: Shot) -> None:
    """One picture of the upper part of a page."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.goto(f"{url}/zaoxue/?lang={shot.language}")
    page.goto(url + shot.path)
    inside = page.frame_locator("iframe") if shot.path.startswith("/plugin") else page
    inside.get_by_role("heading", level=1).wait_for()
    page.screenshot(path=HERE / f"{shot.name}.png")


if __name__ == "__main__":
    main()
