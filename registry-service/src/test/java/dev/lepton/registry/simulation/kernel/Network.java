package dev.lepton.registry.simulation.kernel;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages between places: late, out of order, twice, or not at all. A cut is one-way, so
 * that a request may arrive and its answer may not.
 */
public final class Network {

    private record Way(String from, String to) {}

    private final Agenda agenda;
    private final RandomGenerator random;
    private final Map<Way, Integer> cuts = new HashMap<>();
    private double lossRatio;

    public Network(Agenda agenda, RandomGenerator random) {
        this.agenda = agenda;
        this.random = random;
    }

    public void cut(String from, String to, long span) {
        Way way = new Way(from, to);
        cuts.merge(way, 1, Integer::sum);
        agenda.in(span, () -> cuts.merge(way, -1, Integer::sum));
    }

    public boolean isCut(String from, String to) {
        return cuts.getOrDefault(new Way(from, to), 0) > 0;
    }

    /** Loses and doubles this share of all messages, and delays as many, for a while. */
    public void disturb(double ratio, long span) {
        lossRatio = ratio;
        agenda.in(span, () -> lossRatio = 0);
    }

    /**
     * One request and its answer.
     *
     * @param request runs at the other end and is given the way back
     * @param answered told once, in the life of the caller: null for no answer in time
     */
    public <A> void call(
            Life caller,
            String from,
            Endpoint to,
            long timeout,
            Consumer<Consumer<A>> request,
            Consumer<@Nullable A> answered) {
        Call<A> call = new Call<>(caller, answered);
        caller.in(timeout, () -> call.settle(null));
        send(
                from,
                to.place(),
                () -> {
                    Life listener = to.listener();
                    if (listener == null || listener.over()) {
                        send(to.place(), from, () -> caller.act(() -> call.settle(null)));
                        return;
                    }
                    listener.act(() ->
                            request.accept(answer ->
                                    send(
                                            to.place(),
                                            from,
                                            () -> caller.act(() -> call.settle(answer)))));
                });
    }

    private void send(String from, String to, Runnable delivery) {
        if (isCut(from, to) || chance()) {
            return;
        }
        agenda.in(delay(), delivery);
        if (chance()) {
            agenda.in(delay() + random.nextLong(2_000 * MILLI), delivery);
        }
    }

    private boolean chance() {
        return lossRatio > 0 && random.nextDouble() < lossRatio;
    }

    private long delay() {
        long ordinary = MILLI / 5 + random.nextLong(2 * MILLI);
        return chance() ? ordinary + random.nextLong(800 * MILLI) : ordinary;
    }

    private static final class Call<A> {

        private final Life caller;
        private final Consumer<@Nullable A> answered;
        private boolean settled;

        private Call(Life caller, Consumer<@Nullable A> answered) {
            this.caller = caller;
            this.answered = answered;
        }

        private void settle(@Nullable A answer) {
            if (!settled && !caller.over()) {
                settled = true;
                answered.accept(answer);
            }
        }
    }
}
