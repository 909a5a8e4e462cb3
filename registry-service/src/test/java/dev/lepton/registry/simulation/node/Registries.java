package dev.lepton.registry.simulation.node;

import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.kernel.Network;
import dev.lepton.registry.simulation.replica.Answer;
import dev.lepton.registry.simulation.replica.Replica;
import dev.lepton.registry.simulation.replica.ReplicaProcess;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The client of the registry: calls the first replica that answers, and stays with that one. */
public final class Registries {

    /** A request, as a replica's process takes it. */
    public interface Request extends BiConsumer<ReplicaProcess, Consumer<Answer>> {}

    private final Network network;
    private final List<Replica> replicas;
    private final Life life;
    private final String place;
    private int preferred;

    /**
     * @param life of the process that calls, from {@code place}
     */
    public Registries(Network network, List<Replica> replicas, Life life, String place) {
        this.network = network;
        this.replicas = replicas;
        this.life = life;
        this.place = place;
    }

    public void call(long timeout, Request request, Consumer<Answer> answered) {
        call(timeout, request, answer -> !(answer instanceof Answer.Unavailable), answered);
    }

    /**
     * Tries each replica once.
     *
     * @param content whether the answer is one to stay with; the first of the others is kept where
     *     no replica gives such a one
     */
    public void call(
            long timeout, Request request, Predicate<Answer> content, Consumer<Answer> answered) {
        attempt(timeout, request, content, answered, 0, new Answer.Unavailable());
    }

    private void attempt(
            long timeout,
            Request request,
            Predicate<Answer> content,
            Consumer<Answer> answered,
            int attempt,
            Answer best) {
        if (attempt == replicas.size()) {
            answered.accept(best);
            return;
        }
        int index = (preferred + (attempt == 0 ? 0 : 1)) % replicas.size();
        Replica replica = replicas.get(index);
        network.<Answer>call(
                life,
                place,
                replica,
                timeout,
                reply -> request.accept(replica.process(), reply),
                answer -> {
                    preferred = index;
                    if (answer != null && content.test(answer)) {
                        answered.accept(answer);
                    } else {
                        Answer better = better(best, answer);
                        attempt(timeout, request, content, answered, attempt + 1, better);
                    }
                });
    }

    private static Answer better(Answer best, @Nullable Answer answer) {
        return answer == null || !(best instanceof Answer.Unavailable) ? best : answer;
    }
}
