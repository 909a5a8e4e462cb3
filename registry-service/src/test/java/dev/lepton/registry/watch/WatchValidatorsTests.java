package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenChange;
import dev.lepton.registry.watch.Session.SeenList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WatchValidatorsTests {

    private final UnitRow first = aUnit("worker-1");
    private final List<Change> log = LongStream.rangeClosed(1, 6).mapToObj(this::stored).toList();

    @Test
    void goodHistoryBreaksNothing() {
        List<Session> good =
                List.of(
                        resumed(2, change(3), change(4), bookmark(4), change(5), bookmark(5)),
                        resumed(6, bookmark(6)),
                        listed(list(4), bookmark(4), change(5), change(6)),
                        listed(list(0), bookmark(0)),
                        listed());

        assertThat(WatchValidators.violations(good, log)).isEmpty();
    }

    @Test
    void swappedChangesAreNotOrdered() {
        Session bad = resumed(0, change(1), change(3), change(2));

        assertThat(WatchValidators.ordered(bad)).hasSize(1);
        assertThat(WatchValidators.violations(List.of(bad), log)).containsKey("ordered");
    }

    @Test
    void repeatedChangeIsNotUnique() {
        Session bad = resumed(0, change(1), change(2), change(2), change(3));

        assertThat(WatchValidators.unique(bad)).hasSize(1);
        assertThat(WatchValidators.ordered(bad)).isEmpty();
        assertThat(WatchValidators.violations(List.of(bad), log)).containsKey("unique");
    }

    @Test
    void missingChangeIsAGapAndNotReliable() {
        Session bad = resumed(0, change(1), change(2), change(4));

        assertThat(WatchValidators.gapFree(bad)).hasSize(1);
        assertThat(WatchValidators.reliable(bad, log)).hasSize(1);
        assertThat(WatchValidators.ordered(bad)).isEmpty();
    }

    @Test
    void changeThatABookmarkPassedIsNotReliable() {
        Session bad = resumed(3, bookmark(4));

        assertThat(WatchValidators.gapFree(bad)).isEmpty();
        assertThat(WatchValidators.reliable(bad, log)).hasSize(1);
    }

    @Test
    void changeWithOtherContentIsNotReliable() {
        Session bad = resumed(0, change(1), new SeenChange(2, stored(3)));

        assertThat(WatchValidators.reliable(bad, log)).hasSize(1);
        assertThat(WatchValidators.gapFree(bad)).isEmpty();
    }

    @Test
    void sessionThatIsCutOffBeforeChangesThatAreStoredIsNotReliable() {
        assertThat(WatchValidators.reliable(resumed(3, change(4), gone()), log)).hasSize(1);
        assertThat(WatchValidators.reliable(resumed(5, change(6), gone()), log)).isEmpty();
    }

    @Test
    void changeThatWasRolledBackIsNotReliable() {
        Session bad = resumed(5, change(6), new SeenChange(7, stored(7)));

        assertThat(WatchValidators.reliable(bad, log)).hasSize(1);
    }

    @Test
    void sessionThatBeginsTooLateOrTooEarlyIsNotResumable() {
        assertThat(WatchValidators.resumable(resumed(2, change(4)), log)).hasSize(1);
        assertThat(WatchValidators.resumable(resumed(2, change(2)), log)).hasSize(1);
        assertThat(WatchValidators.resumable(resumed(2, change(3)), log)).isEmpty();
    }

    @Test
    void bookmarkAheadOfItsChangesIsNotBookmarkable() {
        assertThat(WatchValidators.bookmarkable(resumed(2, change(3), bookmark(4)), log))
                .hasSize(1);
        assertThat(WatchValidators.bookmarkable(resumed(2, change(3), bookmark(4), change(4)), log))
                .hasSize(2);
        assertThat(WatchValidators.bookmarkable(resumed(2, change(3), bookmark(3)), log)).isEmpty();
    }

    @Test
    void listOfAnotherRevisionIsNotAtomic() {
        Session bad = listed(new SeenList(4, fleetAt(5)));

        assertThat(WatchValidators.atomic(bad, log)).hasSize(1);
        assertThat(WatchValidators.atomic(listed(list(4)), log)).isEmpty();
    }

    @Test
    void hiddenUnitBelongsToNoList() {
        List<Change> forgotten =
                List.of(
                        stored(1),
                        new LoggedChange(
                                        2,
                                        NOON,
                                        first.id(),
                                        "forgotten",
                                        Phase.STARTING,
                                        "x",
                                        first.forgotten(NOON, "x"),
                                        null)
                                .view());

        assertThat(WatchValidators.atomic(listed(new SeenList(2, fleetAt(1))), forgotten))
                .hasSize(1);
        assertThat(
                        WatchValidators.atomic(
                                listed(
                                        new SeenList(
                                                2,
                                                new FleetList(
                                                        new Position("c", 2),
                                                        List.of(),
                                                        List.of()))),
                                forgotten))
                .isEmpty();
    }

    @Test
    void holeInTheStoredLogIsSeen() {
        assertThat(WatchValidators.logGapFree(List.of(stored(1), stored(3)))).hasSize(1);
        assertThat(WatchValidators.logGapFree(List.of(stored(2)))).hasSize(1);
        assertThat(WatchValidators.logGapFree(log)).isEmpty();
    }

    /** Revision n moves the unit to its version n. */
    private Change stored(long revision) {
        return new LoggedChange(revision, NOON, first.id(), "moved", null, "x", at(revision), null)
                .view();
    }

    private UnitRow at(long version) {
        UnitRow row = first;
        for (long v = 1; v < version; v++) {
            row = row.moved(v % 2 == 0 ? Phase.SUSPECT : Phase.UP, NOON, "version " + (v + 1));
        }
        return row;
    }

    private SeenChange change(long revision) {
        return new SeenChange(revision, stored(revision));
    }

    private static SeenBookmark bookmark(long revision) {
        return new SeenBookmark(revision, 0);
    }

    private static Seen gone() {
        return new Session.SeenGone("reloaded");
    }

    private SeenList list(long revision) {
        return new SeenList(revision, fleetAt(revision));
    }

    private FleetList fleetAt(long revision) {
        return new FleetList(
                new Position("c", revision),
                revision == 0 ? List.of() : List.of(at(revision).view()),
                List.of());
    }

    private static Session resumed(long since, Seen... seen) {
        return new Session("client", since, List.of(seen));
    }

    private static Session listed(Seen... seen) {
        return new Session("client", null, List.of(seen));
    }
}
