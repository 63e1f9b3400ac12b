"""What every declared source and scraper must say of itself."""

from pydantic import SecretStr

from fairline.platform.settings import Settings
from fairline.scrape.scrapers import scrapers, sources


def test_every_key_is_a_secret_setting_and_has_one_place_to_go():
    for source in sources():
        if source.key_setting:
            assert SecretStr in Settings.model_fields[source.key_setting].annotation.__args__, source.name
            assert bool(source.key_param) != bool(source.key_header), source.name
        assert set(source.quota_headers) <= {"remaining", "used", "last_cost"}, source.name


def test_names_of_scrapers_and_sources_are_their_own():
    names = [each.name for each in scrapers()]
    assert len(names) == len(set(names))
    assert len({source.name for source in sources()}) == len({id(source) for source in sources()})
