"""An answer that goes on: a page that links to its calendar, a list of pages, a site map; each through `refresh`."""

from __future__ import annotations

from aggregator.model import Problem
from tests.loopback import CALENDAR
from tests.town import Town, at, calendar, vevent

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"


def page(title: str, day: int, *, link: str = "") -> bytes:
    """An event page with JSON-LD, and perhaps a link."""
    return (
        f'<!doctype html><html lang="sv"><title>{title}</title>{link}<script type="application/ld+json">'
        f'{{"@context": "https://schema.org", "@type": "Event", "name": "{title}", '
        f'"url": "https://sidor.example/{day}", '
        f'"startDate": "2027-03-{day:02d}T19:00:00+01:00"}}</script><h1>{title}</h1></html>'
    ).encode()


def site_map(town: Town, *pages: tuple[str, str]) -> bytes:
    """A site map of (path, lastmod)."""
    urls = "".join(f"<url><loc>{town.site.url(path)}</loc><lastmod>{day}</lastmod></url>" for path, day in pages)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def titles(town: Town) -> set[str]:
    return {event.content.title for event in town.events().values()}


def test_a_page_that_only_links_to_its_calendar_is_read_by_that_calendar(town: Town) -> None:
    link = '<a href="/kalender.ics">Prenumerera</a>'
    town.site.file("/sida", f"<!doctype html><title>Klubben</title>{link}".encode(), content_type=HTML)
    town.site.file("/kalender.ics", calendar(vevent("Quiz", at(5))), content_type=CALENDAR)
    town.add("klubben", url=town.site.url("/sida"))
    report = town.refresh()["klubben"]
    assert titles(town) == {"Quiz"}
    assert [p.code for p in report.problems] == ["chosen-link"]
    town.refresh()
    assert town.site.hits("/sida") == 1  # from then on the calendar itself is asked


def test_a_calendar_that_dies_sends_us_back_to_its_page(town: Town) -> None:
    town.site.file("/sida", b'<!doctype html><title>K</title><a href="/a.ics">ics</a>', content_type=HTML)
    town.site.file("/a.ics", calendar(vevent("Quiz", at(5))), content_type=CALENDAR)
    town.add("klubben", url=town.site.url("/sida"))
    town.refresh()
    town.site.page("/a.ics", b"", status=404)
    town.site.file("/sida", b'<!doctype html><title>K</title><a href="/b.ics">ics</a>', content_type=HTML)
    town.site.file("/b.ics", calendar(vevent("Quiz", at(5)), vevent("Bingo", at(6))), content_type=CALENDAR)
    town.refresh()
    town.refresh(force=True)
    assert titles(town) == {"Quiz", "Bingo"}


def test_a_page_that_links_to_nothing_alive_says_that_it_is_a_page(town: Town) -> None:
    town.site.file("/sida", b'<!doctype html><title>K</title><a href="/borta.ics">ics</a>', content_type=HTML)
    town.add("klubben", url=town.site.url("/sida"))
    report = town.refresh()["klubben"]
    assert not report.ok
    assert report.code == "html-page"


def test_event_pages_of_a_site_map_are_asked_again_only_when_it_says_that_they_changed(town: Town) -> None:
    town.site.file("/evenemang/a", page("Quiz", 5), content_type=HTML)
    town.site.file("/evenemang/b", page("Bingo", 6), content_type=HTML)
    town.site.file(
        "/karta.xml", site_map(town, ("/evenemang/a", "2027-02-01"), ("/evenemang/b", "2027-02-01")), content_type=XML
    )
    town.add("sidor", url=town.site.url("/karta.xml"), format="sitemap")
    assert town.refresh()["sidor"].ok
    assert titles(town) == {"Quiz", "Bingo"}
    town.site.file("/evenemang/b", page("Bingo på torget", 6), content_type=HTML)
    town.site.file(
        "/karta.xml", site_map(town, ("/evenemang/a", "2027-02-01"), ("/evenemang/b", "2027-02-02")), content_type=XML
    )
    town.refresh()
    assert titles(town) == {"Quiz", "Bingo på torget"}
    assert (town.site.hits("/evenemang/a"), town.site.hits("/evenemang/b")) == (1, 2)


def test_B56_a_page_that_robots_txt_forbids_is_not_read(town: Town) -> None:
    town.site.page("/robots.txt", b"User-agent: *\nDisallow: /evenemang/b\n", content_type="text/plain")
    town.site.file("/evenemang/a", page("Quiz", 5), content_type=HTML)
    town.site.file("/evenemang/b", page("Bingo", 6), content_type=HTML)
    town.site.file(
        "/karta.xml", site_map(town, ("/evenemang/a", "2027-02-01"), ("/evenemang/b", "2027-02-01")), content_type=XML
    )
    town.add("sidor", url=town.site.url("/karta.xml"), format="sitemap")
    report = town.refresh()["sidor"]
    assert titles(town) == {"Quiz"}
    assert Problem("robots", town.site.url("/evenemang/b")) in report.problems
    assert town.site.hits("/evenemang/b") == 0


def test_a_page_that_fails_takes_no_event_away(town: Town) -> None:
    town.site.file("/evenemang/a", page("Quiz", 5), content_type=HTML)
    town.site.file("/karta.xml", site_map(town, ("/evenemang/a", "2027-02-01")), content_type=XML)
    town.add("sidor", url=town.site.url("/karta.xml"), format="sitemap")
    town.refresh()
    town.site.page("/evenemang/a", b"", status=500)
    town.site.file("/karta.xml", site_map(town, ("/evenemang/a", "2027-02-02")), content_type=XML)
    report = town.refresh()["sidor"]
    assert report.damaged
    assert titles(town) == {"Quiz"}


def test_the_maps_of_an_index_are_followed_to_their_pages(town: Town) -> None:
    town.site.file("/evenemang/a", page("Quiz", 5), content_type=HTML)
    town.site.file("/evenemang-karta.xml", site_map(town, ("/evenemang/a", "2027-02-01")), content_type=XML)
    inner = f"<sitemap><loc>{town.site.url('/evenemang-karta.xml')}</loc><lastmod>2027-02-01</lastmod></sitemap>"
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
    town.site.file("/karta.xml", index.encode(), content_type=XML)
    town.add("sidor", url=town.site.url("/karta.xml"), format="sitemap")
    assert town.refresh()["sidor"].ok
    assert titles(town) == {"Quiz"}
