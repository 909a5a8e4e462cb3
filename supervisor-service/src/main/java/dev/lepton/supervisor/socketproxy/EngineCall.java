package dev.lepton.supervisor.socketproxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the engine may be asked, with all that may be said about it. There is nothing else. */
sealed interface EngineCall {

    record Ping(boolean headAlone) implements EngineCall {}

    record Version() implements EngineCall {}

    /**
     * @param stoppedToo whether those are listed as well that do not run
     * @param labels that a container must all have, beside those that it must have anyway
     */
    record ListContainers(boolean stoppedToo, List<String> labels) implements EngineCall {
        public ListContainers {
            labels = List.copyOf(labels);
        }
    }

    /**
     * @param since seconds since 1970, null for from now on
     * @param until seconds since 1970, null for as long as the client stays
     * @param labels that a container must all have, beside those that it must have anyway
     */
    record Events(@Nullable String since, @Nullable String until, List<String> labels)
            implements EngineCall {
        public Events {
            labels = List.copyOf(labels);
        }
    }

    /** What concerns one container, named by its id, the beginning of that, or a name. */
    sealed interface OfContainer extends EngineCall {

        String container();

        OfContainer of(String id);
    }

    record Inspect(String container) implements OfContainer {
        @Override
        public Inspect of(String id) {
            return new Inspect(id);
        }
    }

    record Start(String container) implements OfContainer {
        @Override
        public Start of(String id) {
            return new Start(id);
        }
    }

    /**
     * @param graceSeconds before it is killed, null for the container's own
     */
    record Stop(String container, @Nullable Integer graceSeconds) implements OfContainer {
        @Override
        public Stop of(String id) {
            return new Stop(id, graceSeconds);
        }
    }

    /**
     * @param graceSeconds before it is killed, null for the container's own
     */
    record Restart(String container, @Nullable Integer graceSeconds) implements OfContainer {
        @Override
        public Restart of(String id) {
            return new Restart(id, graceSeconds);
        }
    }

    record Logs(String container, Excerpt excerpt) implements OfContainer {
        @Override
        public Logs of(String id) {
            return new Logs(id, excerpt);
        }
    }

    /**
     * Which part of a log.
     *
     * @param follow whether what is written later is sent as well
     * @param since seconds since 1970, null for from the beginning
     * @param until seconds since 1970, null for to the end
     * @param lastLines null for all
     */
    record Excerpt(
            boolean stdout,
            boolean stderr,
            boolean timestamps,
            boolean follow,
            @Nullable String since,
            @Nullable String until,
            @Nullable Integer lastLines) {}
}
