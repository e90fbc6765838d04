"""One command from a folder to a running Airflow: databases, services, DAGs unpaused."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zaoxue.airflow_home import airflow_environment, migrate_airflow
from zaoxue.airflow_services import AirflowServices, AirflowServicesError, free_port
from zaoxue.demo.bank_process import TOKEN_VARIABLE
from zaoxue.nightly import DEMO_AS_OF, DEMO_BANK_TOKEN, start_databases
from zaoxue.settings import Settings
from zaoxue.warehouse.database import embedded_server

_BANK = "demo-bank"


@dataclass(frozen=True)
class Up:
    """What runs: its address, passwords by account (empty where Airflow's accounts are kept elsewhere), ids of its DAGs."""

    url: str
    accounts: dict[str, str]
    dags: list[str]


def bring_up(
    settings: Settings, *, is_demo: bool, host: str, port: int, districts: Sequence[str], unpause: bool = True
) -> Up:
    """Start what does not run yet of the home's databases and Airflow's services, and wait until they are healthy.

    `districts` are organisation codes that get an account of their own, beside the administrator's. The demo's nights stand
    for its last day, with its bank running. Raises AirflowServicesError, AirflowSetupError, EmbeddedPostgresError.
    """
    start_databases(settings)
    migrate_airflow(settings)
    environment = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            ["admin:admin", *(f"{district}:viewer" for district in districts)]
        )
    }
    if is_demo:
        settings = _of_demo(settings)
        environment["ZAOXUE_AS_OF"] = DEMO_AS_OF.isoformat()
    services = AirflowServices(settings)
    url = services.start(host, port, environment)
    services.wait_until_healthy(url)
    accounts = services.accounts()
    if unknown := [district for district in districts if accounts and district not in accounts]:
        raise AirflowServicesError(
            f"API 服务已在运行，未给 {'、'.join(unknown)} 开户：先 zaoxue down\n"
            f"The API server was already running without an account for {', '.join(unknown)}: zaoxue down first"
        )
    dags = services.unpause(url) if unpause and accounts else []
    return Up(url, accounts, dags)


def take_down(settings: Settings) -> list[str]:
    """Stop Airflow's services and then the embedded database; names of what was stopped."""
    stopped = AirflowServices(settings).stop()
    server = embedded_server(settings) if settings.database_url is None else None
    if server and server.is_running():
        server.stop()
        stopped.append("postgresql")
    return stopped


def _of_demo(settings: Settings) -> Settings:
    """Make the demo's province if it is not there, start its bank, and know both."""
    from zaoxue.demo import make_demo

    province = settings.home / "province"
    make_demo(province)
    services = AirflowServices(settings)
    port = settings.home / "airflow" / "demo_bank_port"
    if _BANK not in {service.name for service in services.running()}:
        port.write_text(str(free_port()))
        services.run_beside(
            _BANK,
            [
                *(sys.executable, "-m", "zaoxue.demo.bank_server", "--port", port.read_text()),
                *("--data", str(province / "bank" / "loans.json")),
            ],
            airflow_environment(settings) | {TOKEN_VARIABLE: DEMO_BANK_TOKEN},
        )
    return replace(
        settings,
        inbox=province / "inbox",
        bank_api_url=f"http://127.0.0.1:{port.read_text()}",
        bank_api_token=DEMO_BANK_TOKEN,
    )
