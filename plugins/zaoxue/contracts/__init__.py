"""Contracts: the one place that knows a feed. Everything else about a feed is derived from here."""

from zaoxue.contracts.model import Column, Contract, ContractError, Rule, load_contract, load_contracts

__all__ = ["Column", "Contract", "ContractError", "Rule", "load_contract", "load_contracts"]
