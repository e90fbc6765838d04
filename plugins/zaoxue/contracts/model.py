"""Read an ODCS 3.2 file into the few things the pipeline asks of a feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaProperty,
    ServiceLevelAgreementProperty,
)

from zaoxue.errors import NeedsAPersonError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C: a tenth of the time
SCOPES = ("cumulative", "period", "document", "incremental")
SUBMITTERS = ("township", "district", "bank", "news_source")
LOGICAL_TYPES = ("string", "integer", "number", "boolean", "date", "array")
MONTH_ONLY = ("first", "last")
CLASSIFICATIONS = ("public", "sensitive", "personal")
SEVERITY_OF_ODCS = {"error": "critical", "warning": "warning", "info": "info"}


class ContractError(NeedsAPersonError):
    """A contract says something the pipeline cannot do; the message names the file and the place."""


@dataclass(frozen=True)
class Column:
    """One column of a feed.

    `headers`: the header words it is known by, the official one first; empty for a derived column.
    `codes`: label -> code of a code list (several labels may give one code); empty where there is none.
    `key_name`: name of the person key that replaces an identity number past `protect`.
    `sources`, `derivation`: the columns it is worked out from and the named function, for a column that no sheet
    holds; `derived_from` is the first source. A source that begins with `_` is a fact of the file (`_received_on`).
    `month_only`: the day that a date of year and month stands for, `first` or `last`.
    `check_only`: a derived column that only the gate sees; it is not loaded.
    """

    name: str
    logical_type: str
    description: str
    headers: tuple[str, ...]
    required: bool
    key_position: int | None
    classification: str
    semantic_type: str | None
    codes: dict[str, str]
    options: dict[str, Any]
    month_only: str
    key_name: str | None
    sources: tuple[str, ...]
    derivation: str | None
    check_only: bool

    @property
    def derived_from(self) -> str | None:
        """Its first source, or None where a sheet holds it."""
        return self.sources[0] if self.sources else None

    @property
    def is_resident_id(self) -> bool:
        """Whether it holds identity numbers (GB 11643)."""
        return self.semantic_type == "resident_id"

    @property
    def label(self) -> str:
        """The word a clerk knows it by."""
        return self.headers[0] if self.headers else self.name

    @property
    def warehouse_name(self) -> str | None:
        """Its name in `raw`, or None where it must not get there (personal data)."""
        if self.classification == "personal" or self.check_only:
            return None
        return self.key_name or self.name


@dataclass(frozen=True)
class Rule:
    """One expectation of the gate. `severity` is critical (keeps the row out), warning or info.

    `source`: where the rule comes from, such as the number it has in a published checker.
    `holds`: of a rule about whole files, whether a file that fails it waits for a person to release it.
    """

    rule_id: str
    severity: str
    expectation: str
    arguments: dict[str, Any]
    column: str | None
    message_zh: str
    message_en: str
    source: str | None = None
    holds: bool = False


@dataclass(frozen=True)
class ClosingRule:
    """How a sheet that lists only who has left, and when, ends rows of the ledger beside it.

    `sheet_names`: words in its name. `identifier`, `ends`, `starts`: columns of the contract; `end_headers`: header words
    of the day beside those of `ends`. A sheet with more than `max_columns` headed columns is none.
    """

    sheet_names: tuple[str, ...]
    identifier: str
    ends: str
    starts: str
    end_headers: tuple[str, ...]
    max_columns: int


@dataclass(frozen=True)
class Contract:
    """One feed: its columns in the order of the official template, its rules, its scope and its due times.

    `scope` says what a file replaces: `cumulative` the organisation's whole ledger, `period` one period of it,
    `document` the rows that share `scope_column`, `incremental` only the rows it brings.
    """

    feed: str
    version: str
    title: str
    titles: tuple[str, ...]
    purpose: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    scope: str
    scope_column: str | None
    submitter: str
    rule_prefix: str
    sla: dict[str, Any] = field(default_factory=dict)
    closing: ClosingRule | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Column by its name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def key_columns(self) -> tuple[Column, ...]:
        """The natural key, in order."""
        keyed = [column for column in self.columns if column.key_position is not None]
        return tuple(sorted(keyed, key=lambda column: column.key_position or 0))

    @cached_property
    def warehouse_columns(self) -> tuple[Column, ...]:
        """The columns that reach `raw`."""
        return tuple(column for column in self.columns if column.warehouse_name)

    @property
    def frequency(self) -> str | None:
        """`day`, `week`, `month`, `quarter` or `year`; None where nothing is owed."""
        return self.sla.get("frequency")


def load_contracts(folder: Path) -> dict[str, Contract]:
    """Every contract of the folder, by feed, in the order of their names. Raises ContractError."""
    contracts = [load_contract(path) for path in sorted(folder.glob("*.odcs.yaml"))]
    return {contract.feed: contract for contract in contracts}


def load_contract(path: Path) -> Contract:
    """One contract. Raises ContractError where the file is not ODCS or asks for something unknown."""
    state = path.stat()
    return _load_contract(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _load_contract(path: Path, _changed: int, _size: int) -> Contract:
    """Read once in a process while the file stays as it is: every batch asks for every contract."""
    try:
        document = OpenDataContractStandard(**yaml.load(path.read_text(encoding="utf-8"), _LOADER))  # noqa: S506 - a safe loader
        (schema,) = document.schema_ or []
    except (ValueError, TypeError, yaml.YAMLError) as error:
        raise ContractError(f"{path}: {error}") from error
    custom = _custom(document.customProperties)
    contract = Contract(
        feed=_given(document.id, path, "id"),
        version=_given(document.version, path, "version"),
        title=_given(schema.businessName, path, "schema.businessName"),
        titles=(
            _given(schema.businessName, path, "schema.businessName"),
            *(s.synonym or "" for s in schema.synonyms or []),
        ),
        purpose=(document.description.purpose or "") if document.description else "",
        columns=tuple(_column(prop, path) for prop in schema.properties or []),
        rules=(
            *(_rule(quality, prop.name, path) for prop in schema.properties or [] for quality in prop.quality or []),
            *(_rule(quality, None, path) for quality in schema.quality or []),
        ),
        scope=_one_of(custom.get("scope"), SCOPES, path, "customProperties.scope"),
        scope_column=custom.get("scopeColumn"),
        submitter=_one_of(custom.get("submitter"), SUBMITTERS, path, "customProperties.submitter"),
        rule_prefix=_given(custom.get("rulePrefix"), path, "customProperties.rulePrefix"),
        sla=_sla(document.slaProperties),
        closing=_closing(custom.get("closingSheet"), path),
    )
    _check(contract, path)
    return contract


def _column(prop: SchemaProperty, path: Path) -> Column:
    where = f"property {prop.name}"
    custom = _custom(prop.customProperties)
    listed = prop.items.enum if prop.items else prop.enum
    value_type = custom.get("valueType")
    resident_id = value_type == "resident_id"
    return Column(
        name=_given(prop.name, path, where),
        logical_type=_one_of(prop.logicalType, LOGICAL_TYPES, path, f"{where}: logicalType"),
        description=prop.description or prop.businessName or prop.name or "",
        headers=tuple([prop.businessName] if prop.businessName else [])
        + tuple(s.synonym for s in prop.synonyms or [] if s.synonym),
        required=bool(prop.required),
        key_position=prop.primaryKeyPosition if prop.primaryKey else None,
        classification=_one_of(prop.classification, CLASSIFICATIONS, path, f"{where}: classification"),
        semantic_type=value_type,
        codes={
            str(label): str(e.value)
            for e in listed or []
            for label in (e.label or e.value, *_custom(e.customProperties).get("alsoWritten", []))
        },
        options=dict(prop.logicalTypeOptions or {}),
        month_only=_one_of(custom.get("monthOnly", "first"), MONTH_ONLY, path, f"{where}: monthOnly"),
        key_name=_given(custom.get("keyName"), path, f"{where}: keyName") if resident_id else None,
        sources=tuple(prop.transformSourceObjects or []),
        derivation=prop.transformLogic,
        check_only=bool(custom.get("checkOnly")),
    )


def _rule(quality: DataQuality, column: str | None, path: Path) -> Rule:
    implementation = quality.implementation
    if quality.engine != "greatExpectations" or not isinstance(implementation, dict):
        raise ContractError(f"{path}: quality {quality.id} is not a Great Expectations rule")
    return Rule(
        rule_id=_given(quality.id, path, "quality.id"),
        severity=SEVERITY_OF_ODCS[_one_of(quality.severity, tuple(SEVERITY_OF_ODCS), path, f"{quality.id}: severity")],
        expectation=str(implementation["type"]),
        arguments=dict(implementation.get("kwargs", {})),
        column=column,
        message_zh=_given(quality.name, path, f"{quality.id}: name (Chinese message)"),
        message_en=_given(quality.description, path, f"{quality.id}: description (English message)"),
        source=_custom(quality.customProperties).get("source"),
    )


def _closing(value: Any, path: Path) -> ClosingRule | None:
    if value is None:
        return None
    where = "customProperties.closingSheet"
    return ClosingRule(
        sheet_names=tuple(_given(value.get("sheetNames"), path, f"{where}.sheetNames")),
        identifier=_given(value.get("identifier"), path, f"{where}.identifier"),
        ends=_given(value.get("ends"), path, f"{where}.ends"),
        starts=_given(value.get("starts"), path, f"{where}.starts"),
        end_headers=tuple(value.get("endHeaders") or ()),
        max_columns=_given(value.get("maxColumns"), path, f"{where}.maxColumns"),
    )


def _sla(properties: list[ServiceLevelAgreementProperty] | None) -> dict[str, Any]:
    sla: dict[str, Any] = {}
    for item in properties or []:
        sla[item.property or ""] = item.unit if item.property == "frequency" else item.value
    return sla


def _check(contract: Contract, path: Path) -> None:
    if not contract.key_columns:
        raise ContractError(f"{path}: no primaryKey")
    if (contract.scope == "document") != (contract.scope_column is not None):
        raise ContractError(f"{path}: scopeColumn goes with scope document")
    rule_ids = [rule.rule_id for rule in contract.rules]
    if len(set(rule_ids)) != len(rule_ids):
        raise ContractError(f"{path}: a rule id stands twice")
    _check_derived(contract, path)
    closing = contract.closing
    if closing and not {closing.identifier, closing.ends, closing.starts} <= set(contract.by_name):
        raise ContractError(f"{path}: closingSheet names a column that the contract lacks")
    owners: dict[str, str] = {}
    for column in contract.columns:
        for header in column.headers:
            if owners.setdefault(header, column.name) != column.name:
                raise ContractError(f"{path}: header {header} names both {owners[header]} and {column.name}")


def _check_derived(contract: Contract, path: Path) -> None:
    """A derived column names its function, and comes after the columns it is worked out from."""
    known: set[str] = {column.name for column in contract.columns if not column.sources}
    for column in contract.columns:
        if bool(column.sources) != bool(column.derivation) or (column.check_only and not column.sources):
            raise ContractError(f"{path}: {column.name}: transformSourceObjects and transformLogic go together")
        unknown = [name for name in column.sources if name not in known and not name.startswith("_")]
        if unknown:
            raise ContractError(f"{path}: {column.name} is derived from unknown {', '.join(unknown)}")
        known.add(column.name)


def _custom(properties: list[CustomProperty] | None) -> dict[str, Any]:
    return {item.property or "": item.value for item in properties or []}


def _given(value: Any, path: Path, where: str) -> Any:
    if value in (None, ""):
        raise ContractError(f"{path}: {where} is missing")
    return value


def _one_of(value: Any, allowed: tuple[str, ...], path: Path, where: str) -> str:
    if value not in allowed:
        raise ContractError(f"{path}: {where} is {value!r}, expected one of {', '.join(allowed)}")
    return str(value)
