package dev.lepton.registry.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaPulseTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LEASE = 6 * SECOND;

    private final ReplicaPulse pulse = new ReplicaPulse(Duration.ofSeconds(1), 1, 0);
    private long seq = 1;

    @Test
    void freshReplicaVouchesOnceItWasFreshForTheWholeSpan() {
        beatsEverySecondUntil(LEASE);

        assertThat(pulse.vouchesFor(LEASE, LEASE - 1)).isFalse();
        assertThat(pulse.vouchesFor(LEASE, LEASE)).isTrue();
        assertThat(pulse.vouchesFor(LEASE, LEASE + 1)).isTrue();
    }

    @Test
    void gapOfExactlyOneSecondIsStillFresh() {
        beatsEverySecondUntil(LEASE);

        assertThat(pulse.vouchesFor(LEASE, LEASE + SECOND)).isTrue();
    }

    @Test
    void replicaThatWasGoneForAMomentMustBeFreshForTheWholeSpanAgain() {
        beatsEverySecondUntil(LEASE);
        long gone = LEASE + SECOND + 1;
        pulse.seen(seq, gone);
        long back = gone + 1;
        pulse.seen(++seq, back);

        assertThat(pulse.vouchesFor(LEASE, back)).isFalse();
        for (long at = SECOND; at <= LEASE; at += SECOND) {
            pulse.seen(++seq, back + at);
        }
        assertThat(pulse.vouchesFor(LEASE, back + LEASE - 1)).isFalse();
        assertThat(pulse.vouchesFor(LEASE, back + LEASE)).isTrue();
    }

    @Test
    void ownLateLookIsNotTakenForAGapOfTheReplica() {
        beatsEverySecondUntil(LEASE);
        long late = LEASE + 3 * SECOND;
        pulse.seen(++seq, late);

        assertThat(pulse.vouchesFor(LEASE, late)).isTrue();
    }

    @Test
    void clientsOfAGoneReplicaHaveTheWholeSpanToMove() {
        beatsEverySecondUntil(LEASE);
        long gone = LEASE + SECOND;

        assertThat(pulse.vouchesFor(LEASE, gone + 1)).isFalse();
        assertThat(pulse.vouchesFor(LEASE, gone + LEASE)).isFalse();
        assertThat(pulse.vouchesFor(LEASE, gone + LEASE + 1)).isTrue();
    }

    private void beatsEverySecondUntil(long end) {
        for (long at = SECOND; at <= end; at += SECOND) {
            pulse.seen(++seq, at);
        }
    }
}
