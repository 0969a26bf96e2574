"""Settings come from the environment, and a bad value is told by name."""

from __future__ import annotations

import pytest

from app.settings import PREFIX, Settings, SettingsError

CHOICES = {"evaluator": "ray", "log": "json", "embed_sites": "https://example.org"}
CHOICES["rate_storage"] = "memory://"


def test_the_defaults_are_those_of_the_design() -> None:
    settings = Settings()
    assert settings.source_bytes == 64 * 1024
    assert (settings.nodes, settings.rows, settings.tensor_entries) == (20_000, 4_096, 2**22)
    assert (settings.flops, settings.memory_bytes) == (2 * 10**9, 512 * 2**20)
    assert (settings.seconds, settings.body_bytes) == (10.0, 2**20)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_has_a_variable(name: str) -> None:
    """Each is set to another value than its default, and read back."""
    default = getattr(Settings(), name)
    given = str(not default).lower() if isinstance(default, bool) else "7"
    given = CHOICES.get(name, given)
    settings = Settings.from_environment({PREFIX + name.upper(): given})
    assert getattr(settings, name) in (7, given, (given,), not default)
    assert getattr(settings, name) != default


def test_several_names_have_commas_between() -> None:
    settings = Settings.from_environment({"BACKPROP_LAB_HOSTS": "one.example, two.example"})
    assert settings.hosts == ("one.example", "two.example")


@pytest.mark.parametrize("site", ["example.org", "https://a b", "https://a; script-src *", "*"])
def test_a_site_that_may_embed_is_an_origin(site: str) -> None:
    with pytest.raises(SettingsError, match="BACKPROP_LAB_EMBED_SITES"):
        Settings.from_environment({"BACKPROP_LAB_EMBED_SITES": f"https://good.example,{site}"})


def test_a_bad_value_is_told_by_the_name_of_its_variable() -> None:
    with pytest.raises(SettingsError, match="BACKPROP_LAB_NODES"):
        Settings.from_environment({"BACKPROP_LAB_NODES": "many"})


def test_other_variables_are_left_alone() -> None:
    assert Settings.from_environment({"BACKPROP_LAB_BROWSER": "chromium"}) == Settings()


@pytest.mark.parametrize("uri", ["7", "http://localhost", "nonsense://host:1"])
def test_what_is_no_store_of_counts_is_told_before_the_server_starts(uri: str) -> None:
    with pytest.raises(SettingsError, match=r"RATE_STORAGE.*redis://host:6379"):
        Settings.from_environment({"BACKPROP_LAB_RATE_STORAGE": uri})
