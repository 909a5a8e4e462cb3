package dev.lepton.registry.simulation.replica;

import static dev.lepton.registry.simulation.kernel.Spans.MICRO;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.simulation.kernel.Weakness;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stores proposed changes, one batch after the other, each with at most one change of a row. */
final class Writer {

    private record Proposal(ProposedChange change, Consumer<@Nullable WriteOutcome> told) {}

    private record Row(boolean ofUnit, UnitId unit) {}

    private final Around around;
    private final Runnable committed;
    private final Queue<Proposal> waiting = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param committed told after each commit
     */
    Writer(Around around, Runnable committed) {
        this.around = around;
        this.committed = committed;
    }

    /**
     * @param told null when nothing is known of what became of the change
     */
    void write(ProposedChange change, Consumer<@Nullable WriteOutcome> told) {
        boolean early =
                change.guard() == null
                        && around.ground().weakBy(Weakness.ACKNOWLEDGED_BEFORE_STORED);
        waiting.add(new Proposal(change, early ? _ -> {} : told));
        if (early) {
            around.life().act(() -> told.accept(new WriteOutcome.Written(0)));
        }
        // The thread of the writer takes over from the one that proposes: anything may come
        // between.
        if (change.guard() != null && around.ground().random().nextInt(16) == 0) {
            around.life().pause(7 * SECOND + around.ground().random().nextLong(4 * SECOND));
        }
        around.life().in(10 * MICRO, this::next);
    }

    private void next() {
        List<Proposal> batch = busy ? List.of() : gathered();
        if (batch.isEmpty()) {
            return;
        }
        busy = true;
        List<ProposedChange> changes = batch.stream().map(Proposal::change).toList();
        Instant at = around.time().instant();
        around.connection()
                .ask(
                        () -> around.statements().write(changes, at),
                        outcomes -> {
                            busy = false;
                            tell(batch, outcomes);
                            next();
                        });
    }

    private List<Proposal> gathered() {
        List<Proposal> batch = new ArrayList<>();
        Set<Row> rows = new HashSet<>();
        for (Iterator<Proposal> i = waiting.iterator(); i.hasNext(); ) {
            Proposal proposal = i.next();
            if (rows.add(row(proposal.change))) {
                batch.add(proposal);
                i.remove();
            }
        }
        return batch;
    }

    private void tell(List<Proposal> batch, @Nullable List<WriteOutcome> outcomes) {
        if (outcomes != null
                && outcomes.stream().anyMatch(WriteOutcome.Written.class::isInstance)) {
            committed.run();
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).told.accept(outcomes == null ? null : outcomes.get(i));
        }
    }

    private static Row row(ProposedChange change) {
        return switch (change) {
            case ProposedChange.OfUnit ofUnit -> new Row(true, ofUnit.after().id());
            case ProposedChange.OfDesired ofDesired -> new Row(false, ofDesired.after().unitId());
        };
    }
}
