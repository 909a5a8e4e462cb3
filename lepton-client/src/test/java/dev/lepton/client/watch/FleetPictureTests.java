package dev.lepton.client.watch;

import static dev.lepton.client.watch.Frames.desired;
import static dev.lepton.client.watch.Frames.fleetList;
import static dev.lepton.client.watch.Frames.forgotten;
import static dev.lepton.client.watch.Frames.up;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.FleetPicture.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetPictureTests {

    private static final Duration KEPT = Duration.ofSeconds(12);
    private static final long KEPT_NANOS = KEPT.toNanos();
    private static final long NOW = Long.MAX_VALUE - 5;

    private final FleetPicture picture = new FleetPicture(KEPT);

    @Test
    void aListAndTheChangesAfterItMakeThePicture() {
        picture.list(fleetList("c:7", "a", "b"), NOW);

        assertThat(picture.change(up(8, "c"))).isEqualTo(Verdict.TAKEN);
        assertThat(picture.change(forgotten(9, "a"))).isEqualTo(Verdict.TAKEN);
        assertThat(picture.change(desired(10, "b"))).isEqualTo(Verdict.TAKEN);

        assertThat(units()).containsExactly("b", "c");
        assertThat(picture.fleet().desired()).containsOnlyKeys(new UnitId("b"));
        assertThat(picture.position()).isEqualTo(new Position("c", 10));
    }

    @Test
    void aChangeBeforeAnyListIsOutOfOrder() {
        assertThat(picture.change(up(1, "a"))).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(picture.reached(new Position("c", 0))).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void aGapAndTheSameRevisionAgainAreOutOfOrderAndAnOlderOneIsNothingNew() {
        picture.list(fleetList("c:7", "a"), NOW);

        assertThat(picture.change(up(9, "b"))).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(picture.change(up(7, "b"))).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(picture.change(up(6, "b"))).isEqualTo(Verdict.NOTHING_NEW);
        assertThat(units()).containsExactly("a");
    }

    @Test
    void aClaimedPositionAheadOfWhatCameMeansThatSomethingIsMissing() {
        picture.list(fleetList("c:7", "a"), NOW);

        assertThat(picture.reached(new Position("c", 8))).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(picture.reached(new Position("d", 7))).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(picture.reached(new Position("c", 7))).isEqualTo(Verdict.NOTHING_NEW);
        assertThat(picture.reached(new Position("c", 6))).isEqualTo(Verdict.NOTHING_NEW);
    }

    @Test
    void aListOfTheSameClusterReplacesEverythingAtOnce() {
        picture.list(fleetList("c:7", "a", "b"), NOW);

        assertThat(picture.list(fleetList("c:7", "b"), NOW)).isEqualTo(Verdict.TAKEN);

        assertThat(units()).containsExactly("b");
        assertThat(picture.isOfOneCluster()).isTrue();
    }

    @Test
    void anOlderListOfTheSameClusterIsNotTaken() {
        picture.list(fleetList("c:7", "a"), NOW);

        assertThat(picture.list(fleetList("c:6"), NOW)).isEqualTo(Verdict.BEHIND);

        assertThat(units()).containsExactly("a");
    }

    @Test
    void aForeignListKeepsWhatItLacksForExactlyTwoLeases() {
        picture.list(fleetList("c:7", "a", "b"), NOW);

        assertThat(picture.list(fleetList("d:1", "b", "n"), NOW)).isEqualTo(Verdict.TAKEN);

        assertThat(picture.position()).isEqualTo(new Position("d", 1));
        assertThat(picture.dropExpired(NOW + KEPT_NANOS - 1)).isFalse();
        assertThat(units()).containsExactly("a", "b", "n");
        assertThat(picture.isOfOneCluster()).isFalse();
        assertThat(picture.dropExpired(NOW + KEPT_NANOS)).isTrue();
        assertThat(units()).containsExactly("b", "n");
        assertThat(picture.isOfOneCluster()).isTrue();
    }

    @Test
    void aKeptUnitThatRegistersWithTheNewClusterStays() {
        picture.list(fleetList("c:7", "a"), NOW);
        picture.list(fleetList("d:1"), NOW);

        picture.change(up(2, "a"));

        assertThat(picture.dropExpired(NOW + KEPT_NANOS)).isFalse();
        assertThat(units()).containsExactly("a");
    }

    @Test
    void aKeptUnitOutlivesFurtherListsOfTheNewClusterButNotLonger() {
        picture.list(fleetList("c:7", "a"), NOW);
        picture.list(fleetList("d:1"), NOW);

        picture.list(fleetList("d:2", "b"), NOW + KEPT_NANOS - 1);

        assertThat(units()).containsExactly("a", "b");
        assertThat(picture.dropExpired(NOW + KEPT_NANOS)).isTrue();
        assertThat(units()).containsExactly("b");
    }

    @Test
    void aPictureThatWasHandedOutDoesNotChange() {
        picture.list(fleetList("c:7", "a"), NOW);
        Fleet before = picture.fleet();

        picture.change(up(8, "b"));

        assertThat(before.units()).containsOnlyKeys(new UnitId("a"));
    }

    private List<String> units() {
        return picture.fleet().units().keySet().stream().map(UnitId::value).sorted().toList();
    }
}
