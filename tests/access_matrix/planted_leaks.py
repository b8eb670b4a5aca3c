"""The leaks that are made on purpose, and the check of the suite that must see each. `python -m tests.access_matrix.leaks` plants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.access_matrix import people
from tests.access_matrix import planted_catalogues as catalogues
from tests.access_matrix import planted_doors as doors
from tests.access_matrix import planted_harvests as harvests
from tests.access_matrix import planted_ready as ready
from tests.access_matrix import planted_rights as rights

# The checks that need a cache in front of the live site.
BY_WAY_OF_A_CACHE = ("cached items", "cached files", "cached lists", "cached desk")


@dataclass(frozen=True)
class Leak:
    """One leak, who gets by it what is closed to them, and the check that sees it: items, files, lists, desk, caches, ready, or one of
    those of tests/doors/test_caching_proxy.py, which go through a cache."""

    plant: Callable[[pytest.MonkeyPatch], None]
    viewer: str = people.VISITOR
    check: str = "items"

    @property
    def name(self) -> str:
        return self.plant.__name__


LEAKS = (
    Leak(doors.all_items_are_visible),
    Leak(doors.all_files_are_visible, check="files"),
    Leak(doors.a_file_is_as_open_as_its_item, check="files"),
    Leak(doors.bytes_are_sent_to_whoever_asks, check="files"),
    Leak(doors.what_is_said_is_found_whoever_may_read_it, check="lists"),
    Leak(doors.headings_count_every_item, check="lists"),
    Leak(doors.facets_count_every_item, check="lists"),
    Leak(doors.the_count_of_a_list_counts_every_item, check="lists"),
    Leak(doors.a_validator_is_made_of_everything, check="lists"),
    Leak(doors.a_cursor_tells_how_many_there_are, check="lists"),
    Leak(doors.the_sitemap_names_every_item, check="lists"),
    Leak(doors.a_community_that_keeps_to_itself_is_named, check="lists"),
    Leak(doors.a_request_can_be_made_about_what_is_hidden),
    Leak(doors.a_closed_file_is_forbidden_instead_of_unknown, check="files"),
    Leak(doors.every_answer_may_be_kept_by_caches, people.MEMBER_A, "caches"),
    Leak(doors.every_byte_may_be_kept_by_caches, check="cached files"),
    Leak(doors.every_page_may_be_kept_by_caches, check="cached items"),
    Leak(doors.every_list_may_be_kept_by_caches, check="cached lists"),
    Leak(doors.every_screen_of_the_desk_may_be_kept_by_caches, check="cached desk"),
    Leak(doors.that_something_is_not_there_may_be_kept_by_caches, check="cached items"),
    Leak(harvests.a_harvest_is_made_with_every_rule, check="lists"),
    Leak(harvests.what_never_was_open_is_announced_as_deleted, check="lists"),
    Leak(harvests.a_harvest_counts_every_item, check="lists"),
    Leak(ready.a_record_is_kept_ready_as_staff_see_it, check="ready"),
    Leak(ready.what_changed_since_is_told_as_it_was_kept, check="ready"),
    Leak(ready.a_record_that_changed_since_is_told_as_it_was_kept, check="ready"),
    Leak(ready.what_never_was_open_is_told_of_as_an_activity, check="lists"),
    Leak(catalogues.a_catalogue_is_answered_by_every_rule, check="lists"),
    Leak(catalogues.a_catalogue_is_told_how_many_there_are, check="lists"),
    Leak(catalogues.what_a_query_does_not_find_is_taken_from_everything, check="lists"),
    Leak(doors.hidden_places_are_shown),
    Leak(doors.a_tie_to_what_is_hidden_is_told, check="ties"),
    Leak(doors.a_name_that_must_not_be_spoken_is_told),
    Leak(doors.the_address_part_of_an_unspoken_name_is_told),
    Leak(doors.a_hidden_place_can_be_narrowed_to, check="places"),
    Leak(doors.the_note_on_rights_is_told, people.CATALOGUER),
    Leak(doors.fields_of_no_template_are_told),
    Leak(doors.old_slurs_are_told, check="lists"),
    Leak(doors.headings_beside_one_are_told_whoever_sees_something_there, check="lists"),
    Leak(doors.dates_of_rules_are_forgotten),
    Leak(doors.whatever_is_withdrawn_leaves_a_tombstone),
    Leak(doors.whatever_is_closed_leaves_a_tombstone),
    Leak(doors.a_suspended_item_leaves_a_tombstone_whoever_saw_it),
    Leak(doors.a_tombstone_tells_the_title),
    Leak(doors.a_rules_seal_is_not_looked_at),
    Leak(doors.the_state_of_an_item_is_forgotten),
    Leak(rights.a_block_is_forgotten, people.BLOCKED_A),
    Leak(rights.a_block_in_the_larger_community_is_forgotten, people.BLOCKED_A),
    Leak(rights.a_role_never_ends, people.FORMER_A),
    Leak(rights.membership_of_the_community_is_not_asked, people.LEFT_A),
    Leak(rights.a_lock_is_not_looked_at, people.MEMBER_A),
    Leak(rights.all_is_taken_for_any, people.MEMBER_A),
    Leak(rights.an_open_protocol_opens_all),
    Leak(rights.staff_are_members_of_everything, people.CATALOGUER),
    Leak(rights.everybody_reads_on_site),
    Leak(rights.a_suspended_account_keeps_its_rights, people.SUSPENDED),
    Leak(rights.a_grant_never_ends, people.FORMER_GRANTEE),
    Leak(rights.a_grant_is_never_taken_back, people.GRANTEE),
    Leak(rights.a_grant_opens_what_is_not_published, people.GRANTEE),
    Leak(rights.a_grant_of_an_item_opens_its_closed_files, people.GRANTEE, "files"),
    Leak(rights.a_file_is_seen_without_its_item, people.GRANTEE, "files"),
    Leak(rights.what_is_suspended_is_still_shown),
    Leak(rights.notes_are_shown_to_whoever_reads_the_work, people.READER),
    Leak(rights.a_list_of_the_desk_forgets_the_rule, people.CATALOGUER, "desk"),
    Leak(rights.a_search_of_the_desk_goes_through_every_item, people.CATALOGUER, "desk"),
    Leak(rights.the_history_shows_every_file, people.CATALOGUER, "desk"),
    Leak(rights.the_bin_shows_whatever_is_in_it, people.CATALOGUER, "desk"),
    Leak(rights.a_grant_takes_things_out_of_the_bin, people.GRANTEE),
    Leak(rights.the_log_tells_of_everything, people.CATALOGUER, "desk"),
    Leak(rights.staff_see_every_consent, people.CATALOGUER, "desk"),
    Leak(rights.a_steward_of_one_protocol_reads_what_is_asked_of_another, people.STEWARD_A, "desk"),
)
