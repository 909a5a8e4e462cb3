package dev.lepton.registry.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.leader.Candidacy.Found;
import dev.lepton.registry.leader.Candidacy.Renew;
import dev.lepton.registry.leader.Candidacy.Step;
import dev.lepton.registry.leader.Candidacy.TakeOver;
import dev.lepton.registry.leader.Candidacy.Wait;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidacyTests {

    private static final long LEASE = Duration.ofSeconds(6).toNanos();
    private static final long LATE = Duration.ofSeconds(2).toNanos();
    private static final long LOOK = Duration.ofSeconds(1).toNanos();

    /** Near the end of the range: a monotonic clock may run over. */
    private static final long BEGIN = Long.MAX_VALUE - 3 * LOOK;

    private final UUID self = UUID.randomUUID();
    private final LeaderRow leader = new LeaderRow(UUID.randomUUID(), 4, 100);
    private final Candidacy candidacy =
            new Candidacy(self, Duration.ofNanos(LEASE), Duration.ofNanos(LATE));

    @Test
    void firstProcessEverFoundsTheRole() {
        assertThat(candidacy.next(null, BEGIN)).isEqualTo(new Found());
    }

    @Test
    void holderRenews() {
        assertThat(candidacy.next(new LeaderRow(self, 4, 100), BEGIN)).isEqualTo(new Renew(4));
    }

    @Test
    void roleThatWasGivenBackIsTakenAtOnce() {
        LeaderRow resigned = new LeaderRow(null, 4, 101);

        assertThat(candidacy.next(resigned, BEGIN)).isEqualTo(new TakeOver(resigned));
    }

    @Test
    void oneNanosecondBeforeTheLeaseOfAStillLeaderItWaits() {
        assertThat(looked(leader, LEASE - 1)).isEqualTo(new Wait());
    }

    @Test
    void atTheLeaseOfAStillLeaderItTakesOver() {
        assertThat(looked(leader, LEASE)).isEqualTo(new TakeOver(leader));
    }

    @Test
    void oneNanosecondAfterTheLeaseOfAStillLeaderItTakesOver() {
        assertThat(looked(leader, LEASE + 1)).isEqualTo(new TakeOver(leader));
    }

    @Test
    void renewalBeginsTheWaitAnew() {
        looked(leader, LEASE - 1);
        LeaderRow renewed = new LeaderRow(leader.holder(), 4, 101);

        assertThat(candidacy.next(renewed, BEGIN + LEASE)).isEqualTo(new Wait());
        assertThat(candidacy.next(renewed, BEGIN + LEASE + LOOK)).isEqualTo(new Wait());
    }

    @Test
    void ownPauseBeginsTheWaitAnew() {
        candidacy.next(leader, BEGIN);

        assertThat(candidacy.next(leader, BEGIN + LEASE)).isEqualTo(new Wait());
    }

    @Test
    void looksThatAreJustNotLateContinueTheWait() {
        candidacy.next(leader, BEGIN);
        candidacy.next(leader, BEGIN + LATE);
        candidacy.next(leader, BEGIN + 2 * LATE);

        assertThat(candidacy.next(leader, BEGIN + 3 * LATE)).isEqualTo(new TakeOver(leader));
    }

    /** What it says at the end of looks each second, the last one after {@code nanos}. */
    private Step looked(@Nullable LeaderRow row, long nanos) {
        for (long at = 0; at < nanos - LOOK; at += LOOK) {
            assertThat(candidacy.next(row, BEGIN + at)).isEqualTo(new Wait());
        }
        return candidacy.next(row, BEGIN + nanos);
    }
}
