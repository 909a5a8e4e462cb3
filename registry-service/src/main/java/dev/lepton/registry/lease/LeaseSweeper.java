package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.evidence.Observation;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the marks and takes silent units down. Every replica looks, so that it can judge a lease
 * when a registration asks, and knows all of them when it becomes the leader; only the leader acts.
 */
final class LeaseSweeper implements Leases, LeaseFigures {

    /** As old as a watch may be before its clients leave it. */
    private static final Duration OLDEST_FLEET = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(LeaseSweeper.class);

    private final MarkReader marks;
    private final Hearsay hearsay;
    private final Silenced silenced;
    private final FleetView fleet;
    private final MarkFlusher flusher;
    private final Leadership leadership;
    private final UnitMoves moves;
    private final LeaseBook book;
    private final LeaseTerms terms;
    private final IntSupplier stretch;
    private final NanoClock clock;
    private long sweptUnder;

    /**
     * @param stretch how many times as long as the terms say every lease is now
     */
    LeaseSweeper(
            MarkReader marks,
            Hearsay hearsay,
            Silenced silenced,
            FleetView fleet,
            MarkFlusher flusher,
            Leadership leadership,
            UnitMoves moves,
            LeaseTerms terms,
            IntSupplier stretch,
            NanoClock clock) {
        this.marks = marks;
        this.hearsay = hearsay;
        this.silenced = silenced;
        this.fleet = fleet;
        this.flusher = flusher;
        this.leadership = leadership;
        this.moves = moves;
        this.book = new LeaseBook(terms);
        this.terms = terms;
        this.stretch = stretch;
        this.clock = clock;
    }

    /**
     * One look. When PostgreSQL does not answer, this look is missing, and the next one is late.
     */
    void sweep() {
        Marks seen = marks.read();
        List<Observation> told = hearsay.told();
        LeaderGuard guard = leadership.guard();
        if (guard == null) {
            watch(seen, told);
        } else {
            act(judged(seen, told, guard), guard);
        }
    }

    @Override
    public Duration remaining(UnitId unit, StartId holder) {
        synchronized (book) {
            return book.remaining(unit, holder, clock.nanos());
        }
    }

    @Override
    public Duration remainingOf(Duration span, UnitId unit, StartId holder) {
        synchronized (book) {
            return book.remainingOf(span, unit, holder, clock.nanos());
        }
    }

    @Override
    public int watched() {
        synchronized (book) {
            return book.size();
        }
    }

    private void watch(Marks seen, List<Observation> told) {
        synchronized (book) {
            long now = clock.nanos();
            refreshIfBlind(now);
            hear(told, now);
            book.watch(now, seen, fleet(now));
        }
    }

    private List<UnitRow> fleet(long now) {
        List<UnitRow> units = List.copyOf(fleet.units());
        book.silenceTook(silenced.news(), units, now);
        return units;
    }

    private void hear(List<Observation> told, long now) {
        book.stretch(stretch.getAsInt());
        book.heard(now, told, hearsay.supervised());
        hearsay.pass(told);
    }

    private List<LeaseDecision> judged(Marks seen, List<Observation> told, LeaderGuard guard) {
        synchronized (book) {
            long now = clock.nanos();
            refreshIfBlind(now);
            if (guard.epoch() != sweptUnder) {
                sweptUnder = guard.epoch();
                book.refresh(now);
            }
            hear(told, now);
            return book.tick(now, seen, fleet(now));
        }
    }

    /** A replica that cannot store marks, or reads an old fleet, is blind and judges nobody. */
    private void refreshIfBlind(long now) {
        if (!flusher.stores() || fleet.age().compareTo(OLDEST_FLEET) > 0) {
            book.refresh(now);
        }
    }

    private void act(List<LeaseDecision> decisions, LeaderGuard guard) {
        Map<LeaseDecision, CompletableFuture<WriteOutcome>> written = new LinkedHashMap<>();
        for (LeaseDecision decision : decisions) {
            written.put(
                    decision,
                    moves.propose(decision.unit(), decision.event(), decision.reason(), guard));
        }
        long until = clock.nanos() + terms.pauseLimit().toNanos();
        written.forEach((decision, outcome) -> settle(decision, outcome, until));
    }

    private void settle(
            LeaseDecision decision, CompletableFuture<WriteOutcome> written, long until) {
        try {
            long patience = Math.max(0, until - clock.nanos());
            settle(decision, written.get(patience, TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The move of unit {} may not be stored", decision.unit().id(), e);
            withdraw(decision, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            withdraw(decision, false);
        }
    }

    private void settle(LeaseDecision decision, WriteOutcome outcome) {
        switch (outcome) {
            case WriteOutcome.Written _ -> {}
            case WriteOutcome.Deposed _ -> {
                leadership.lost();
                withdraw(decision, true);
            }
            // What changed the row may have been this very decision, taken a tick ago, when its
            // answer did not come in time.
            case WriteOutcome.OutOfDate _ -> withdraw(decision, false);
        }
    }

    private void withdraw(LeaseDecision decision, boolean surely) {
        synchronized (book) {
            book.withdraw(decision, surely);
        }
    }
}
