package dev.lepton.registry.leader;

import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.leader.Candidacy.Found;
import dev.lepton.registry.leader.Candidacy.Renew;
import dev.lepton.registry.leader.Candidacy.TakeOver;
import dev.lepton.registry.leader.Candidacy.Wait;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.time.NanoClock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Whether this process leads. The guard that it hands out is what makes a deposed leader harmless;
 * its own clock only makes it stop early.
 */
public class Leadership {

    /** The one role, for all duties. */
    public static final String ROLE = "duties";

    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private final LeaderRows rows;
    private final UUID self;
    private final Candidacy candidacy;
    private final NanoClock clock;
    private final long actNanos;
    private volatile @Nullable Held held;

    Leadership(LeaderRows rows, UUID self, LeaderSettings settings, NanoClock clock) {
        this.rows = rows;
        this.self = self;
        this.candidacy =
                new Candidacy(self, settings.lease(), settings.renewInterval().multipliedBy(2));
        this.clock = clock;
        this.actNanos = settings.lease().minus(settings.renewInterval()).toNanos();
    }

    /** Null when this process does not lead, or has not renewed for so long that it may not. */
    public @Nullable LeaderGuard guard() {
        Held now = held;
        return now == null || clock.nanos() - now.renewedAt > actNanos
                ? null
                : new LeaderGuard(ROLE, now.epoch);
    }

    /** Told by a duty whose write was refused. */
    public void lost() {
        if (held != null) {
            held = null;
            log.warn("Another process leads now; this one stops its duties");
        }
    }

    /** One look at the row: renew, take over, or wait. */
    void look() {
        long begun = clock.nanos();
        LeaderRow row = rows.read(ROLE);
        switch (candidacy.next(row, begun)) {
            case Found() -> settle(rows.found(ROLE, self), 1, begun);
            case TakeOver(LeaderRow seen) ->
                    settle(rows.takeOver(ROLE, self, seen), seen.epoch() + 1, begun);
            case Renew(long epoch) -> settle(rows.renew(ROLE, self, epoch), epoch, begun);
            case Wait() -> lost();
        }
    }

    /** Gives the role back at an orderly stop, so that nobody has to wait for the lease. */
    void resign() {
        Held now = held;
        held = null;
        if (now == null) {
            return;
        }
        try {
            rows.resign(ROLE, self, now.epoch);
        } catch (DataAccessException e) {
            log.debug("Could not resign; the next leader waits for the lease", e);
        }
    }

    private void settle(boolean leads, long epoch, long begun) {
        if (!leads) {
            lost();
            return;
        }
        if (held == null) {
            log.info("This process leads as of epoch {}", epoch);
        }
        held = new Held(epoch, begun);
    }

    private record Held(long epoch, long renewedAt) {}
}
