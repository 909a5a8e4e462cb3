package dev.lepton.registry.lease;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.fleet.SimulatedFleet;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeldProbesTests {

    private static final UnitRow A = held("a", 9001);
    private static final UnitRow B = held("b", 9002);

    private final Set<UnitAddress> reachable = new HashSet<>();
    private final Set<UnitAddress> neverFound = new HashSet<>();
    private final List<UnitAddress> asked = new ArrayList<>();
    private final List<Runnable> onTheWay = new ArrayList<>();
    private final SimulatedFleet fleet = new SimulatedFleet(() -> this.now);
    private final HeldProbes probes =
            new HeldProbes(
                    fleet.view(), () -> this.leads, this::reaches, onTheWay::add, () -> this.now);
    private boolean leads = true;
    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    @Test
    void slowLookUpOfOneUnitVoidsNoLookAtAnother() {
        hold(A, B);
        neverFound.add(A.address());

        look();
        look();

        assertThat(failed()).containsExactly(B.id());
    }

    @Test
    void unitThatIsNotFoundInTimeIsNotReached() {
        hold(A);
        neverFound.add(A.address());

        look();
        now += HeldProbes.PATIENCE.plus(PeriodicLoop.LATE).toNanos();
        probes.look();
        assertThat(failed()).isEmpty();
        now += 1;
        probes.look();

        assertThat(failed()).containsExactly(A.id());
    }

    @Test
    void unitIsAskedOneQuestionAtATime() {
        hold(A);
        neverFound.add(A.address());

        look();
        look();
        look();

        assertThat(asked).containsExactly(A.address());
    }

    @Test
    void questionThatWasNotAskedYetSaysNothing() {
        hold(A);

        for (int i = 0; i < 5; i++) {
            now += HeldProbes.INTERVAL.toNanos();
            probes.look();
        }

        assertThat(failed()).isEmpty();
    }

    @Test
    void lookThatCameLateSaysNothing() {
        hold(A);

        look();
        now += PeriodicLoop.LATE.toNanos() + 1;
        look();
        assertThat(failed()).isEmpty();
        look();

        assertThat(failed()).containsExactly(A.id());
    }

    @Test
    void eachLookThatDoesNotReachAUnitSaysItAnew() {
        hold(A);

        look();
        look();
        long first = probes.failures().getFirst().seq();
        look();

        assertThat(probes.failures().getFirst().seq()).isGreaterThan(first);
    }

    @Test
    void unitThatAnswersIsReached() {
        hold(A);
        look();
        look();
        assertThat(failed()).containsExactly(A.id());

        reachable.add(A.address());
        look();
        look();

        assertThat(failed()).isEmpty();
    }

    @Test
    void whoeverDoesNotLeadAsksNobodyAndSaysNothing() {
        hold(A);
        look();
        look();
        int before = asked.size();

        leads = false;
        look();

        assertThat(failed()).isEmpty();
        assertThat(asked).hasSize(before);
    }

    private boolean reaches(UnitAddress address) {
        asked.add(address);
        if (neverFound.contains(address)) {
            throw new StillOnItsWay();
        }
        return reachable.contains(address);
    }

    private void look() {
        now += HeldProbes.INTERVAL.toNanos();
        probes.look();
        List<Runnable> questions = List.copyOf(onTheWay);
        onTheWay.clear();
        questions.forEach(HeldProbesTests::begin);
    }

    private static void begin(Runnable question) {
        try {
            question.run();
        } catch (StillOnItsWay e) {
            // Its thread would go on waiting.
        }
    }

    private void hold(UnitRow... units) {
        fleet.load(new Position("cluster", 1), List.of(units), List.of(), now);
    }

    private List<UnitId> failed() {
        return probes.failures().stream().map(Observation::unit).toList();
    }

    private static UnitRow held(String id, int port) {
        return aUnit(id).at(port).in(Phase.SUSPECT).because("preserving: silent").row();
    }

    /** The question is never answered. */
    private static final class StillOnItsWay extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
