package dev.lepton.registry.leader;

import dev.lepton.registry.settings.LeaderSettings;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The {@link Candidacy} as the simulation uses it. */
public final class SimulatedCandidacy {

    /** What to do with the row that was seen. */
    public enum Step {
        FOUND,
        RENEW,
        TAKE_OVER,
        WAIT
    }

    private final Candidacy candidacy;

    public SimulatedCandidacy(UUID self, LeaderSettings settings) {
        candidacy = new Candidacy(self, settings.lease(), settings.renewInterval().multipliedBy(2));
    }

    public Step ofNoRow(long now) {
        return step(null, now);
    }

    public Step of(@Nullable UUID holder, long epoch, long seq, long now) {
        return step(new LeaderRow(holder, epoch, seq), now);
    }

    private Step step(@Nullable LeaderRow row, long now) {
        return switch (candidacy.next(row, now)) {
            case Candidacy.Found _ -> Step.FOUND;
            case Candidacy.Renew _ -> Step.RENEW;
            case Candidacy.TakeOver _ -> Step.TAKE_OVER;
            case Candidacy.Wait _ -> Step.WAIT;
        };
    }
}
