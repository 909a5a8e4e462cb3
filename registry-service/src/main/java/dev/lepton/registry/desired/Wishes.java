package dev.lepton.registry.desired;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.desired.DesiredDecision.Stale;
import dev.lepton.registry.desired.DesiredDecision.Store;
import dev.lepton.registry.desired.DesiredDecision.Unchanged;
import dev.lepton.registry.move.AwaitedWrite;
import dev.lepton.registry.move.UnitContended;
import dev.lepton.registry.unit.Postgres;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes what is wanted of units: decide, store by compare-and-set, decide anew if out of date. */
class Wishes {

    private static final int ATTEMPTS = 8;

    private final DesiredRows rows;
    private final ChangeWriter writer;
    private final InstantSource time;

    Wishes(DesiredRows rows, ChangeWriter writer, InstantSource time) {
        this.rows = rows;
        this.writer = writer;
        this.time = time;
    }

    Desired find(UnitId unit) {
        Desired stored = stored(unit);
        if (stored == null) {
            throw new NothingDesired(unit);
        }
        return stored;
    }

    Desired wish(UnitId unit, DesiredWish wish) {
        StorableText.require(wish);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            switch (DesiredDecision.decide(unit, wish, stored(unit), time.instant())) {
                case Unchanged(Desired stored) -> {
                    return stored;
                }
                case Stale(String why) -> throw new WishStale(why);
                case Store(Desired after) -> {
                    if (store(after)) {
                        return after;
                    }
                }
            }
        }
        throw new UnitContended(unit, ATTEMPTS);
    }

    private @Nullable Desired stored(UnitId unit) {
        return Postgres.<@Nullable Desired>answer(() -> rows.find(unit));
    }

    private boolean store(Desired after) {
        String reason = Objects.requireNonNullElse(after.reason(), "wished");
        return AwaitedWrite.of(writer.write(new ProposedChange.OfDesired(after, reason, null)))
                instanceof WriteOutcome.Written;
    }
}
