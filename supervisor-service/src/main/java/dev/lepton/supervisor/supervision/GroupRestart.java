package dev.lepton.supervisor.supervision;

import dev.lepton.client.policy.RestartStrategy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Starts the units of a service on this node again together, as its strategy says: the others are
 * stopped in the reverse of their order, then all are started in their order, each once the one
 * before is ready or has failed. Another failure meanwhile begins it anew.
 */
final class GroupRestart {

    private final Supplier<List<SupervisedUnit>> members;
    private final Set<SupervisedUnit> waiting = new HashSet<>();
    private long latest;

    /**
     * @param members those of now, in their order
     */
    GroupRestart(Supplier<List<SupervisedUnit>> members) {
        this.members = members;
    }

    /**
     * @param failed which waits for its turn already
     * @param delay when the first start may come
     */
    void begin(
            SupervisedUnit failed,
            RestartStrategy strategy,
            CompletableFuture<Void> delay,
            String reason) {
        long mine;
        List<SupervisedUnit> affected;
        synchronized (this) {
            mine = ++latest;
            // Those that an earlier failure has stopped, and that wait to be started.
            waiting.addAll(affected(failed, strategy));
            affected = members.get().stream().filter(waiting::contains).toList();
        }
        CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
        for (SupervisedUnit member : affected.reversed()) {
            if (member != failed) {
                stopped = stopped.thenCompose(_ -> member.stopForGroup(reason));
            }
        }
        CompletableFuture<Void> started = stopped.thenCombine(delay, (_, _) -> null);
        for (SupervisedUnit member : affected) {
            started =
                    started.thenCompose(_ ->
                            begins(mine, member)
                                    ? member.startForGroup(reason)
                                    : CompletableFuture.completedFuture(null));
        }
    }

    private List<SupervisedUnit> affected(SupervisedUnit failed, RestartStrategy strategy) {
        List<SupervisedUnit> all = members.get();
        return switch (strategy) {
            case ONE_FOR_ONE -> List.of(failed);
            case ONE_FOR_ALL -> all;
            case REST_FOR_ONE -> all.subList(all.indexOf(failed), all.size());
        };
    }

    private synchronized boolean begins(long mine, SupervisedUnit member) {
        return mine == latest && waiting.remove(member);
    }
}
