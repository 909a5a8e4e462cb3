package dev.lepton.supervisor.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the Docker Engine API that are made: list, inspect, start, stop, restart, logs and
 * events, without a version in their paths, so that a proxy needs to let nothing else through.
 * Every failure is an {@link EngineAway}.
 */
final class Engine implements AutoCloseable {

    static final String UNIT = "lepton.unit";
    static final String PROJECT = "com.docker.compose.project";

    private static final int FORBIDDEN = 403;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LOGS = Duration.ofSeconds(2);

    private final URI url;
    private final DockerClient calls;

    /** For what lasts as long as it lasts: an end with its grace, and the events. */
    private final DockerClient patient;

    Engine(URI url) {
        this.url = url;
        this.calls = client(url, ANSWER);
        this.patient = client(url, null);
    }

    private static DockerClient client(URI url, @Nullable Duration answer) {
        ZerodepDockerHttpClient.Builder http =
                new ZerodepDockerHttpClient.Builder().dockerHost(url).connectionTimeout(CONNECT);
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(url.toString())
                        .withDockerTlsVerify(false)
                        .withApiVersion(RemoteApiVersion.UNKNOWN_VERSION)
                        .build(),
                (answer == null ? http : http.responseTimeout(answer)).build());
    }

    URI url() {
        return url;
    }

    /** The ids of all containers that are labelled as units. */
    List<String> labelled(@Nullable String project) {
        return asked(
                "list the containers",
                () ->
                        calls
                                .listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(labels(project))
                                .exec()
                                .stream()
                                .map(Container::getId)
                                .toList());
    }

    /** Empty when there is no such container, or it is labelled as no unit. */
    Optional<Seen> look(String id) {
        return inspect(id).flatMap(Inspected::seen);
    }

    /**
     * As a look, over a connection of its own: an engine that ends still answers on those that it
     * has, and takes no other.
     */
    Optional<Seen> lookAfresh(String id) {
        try (Engine caller = new Engine(url)) {
            return caller.look(id);
        }
    }

    /**
     * The Compose project of the container that calls itself by this host name. Empty when it is in
     * none, and when a proxy keeps to itself what is no unit: that one knows the project.
     */
    Optional<String> projectOf(String hostName) {
        return asked("inspect container " + hostName, () -> inspectedUnlessRefused(hostName))
                // A host name is the beginning of an id; it may be another container's name.
                .filter(found -> found.getId().startsWith(hostName))
                .flatMap(found -> Inspected.label(found, PROJECT));
    }

    private Optional<InspectContainerResponse> inspect(String id) {
        return asked("inspect container " + id, () -> inspected(id));
    }

    private Optional<InspectContainerResponse> inspected(String id) {
        try {
            return Optional.of(calls.inspectContainerCmd(id).exec());
        } catch (NotFoundException _) {
            return Optional.empty();
        }
    }

    private Optional<InspectContainerResponse> inspectedUnlessRefused(String id) {
        try {
            return inspected(id);
        } catch (DockerException e) {
            if (e.getHttpStatus() == FORBIDDEN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Does nothing with one that runs. */
    void start(String id) {
        called("start container " + id, () -> calls.startContainerCmd(id).exec());
    }

    /**
     * Returns when it has ended.
     *
     * @param grace before it is killed
     */
    void stop(String id, Duration grace) {
        called(
                "stop container " + id,
                unlessGone(() -> patient.stopContainerCmd(id).withTimeout(seconds(grace)).exec()));
    }

    /** Ends it and starts it again, in one step. */
    void restart(String id, Duration grace) {
        called(
                "restart container " + id,
                unlessGone(
                        () -> patient.restartContainerCmd(id).withTimeout(seconds(grace)).exec()));
    }

    /** A container that is gone has ended. */
    private static Runnable unlessGone(Runnable end) {
        return () -> {
            try {
                end.run();
            } catch (NotFoundException _) {
                // As it was to be.
            }
        };
    }

    /** The last lines of what it wrote between two moments, in the order in which it did. */
    String lastLines(String id, int most, Instant from, Instant until) {
        List<byte[]> frames = new ArrayList<>();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        ResultCallback.Adapter<Frame> callback =
                new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Frame frame) {
                        frames.add(frame.getPayload());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        failed.set(failure);
                        onComplete();
                    }
                };
        called(
                "read the log of container " + id,
                () -> {
                    try (callback) {
                        boolean _ =
                                calls.logContainerCmd(id)
                                        .withStdOut(true)
                                        .withStdErr(true)
                                        .withTail(most)
                                        .withSince((int) from.getEpochSecond())
                                        .withUntil((int) until.getEpochSecond() + 1)
                                        .exec(callback)
                                        .awaitCompletion(LOGS.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
        Throwable failure = failed.get();
        if (failure != null) {
            throw new EngineAway("read the log of container " + id, failure);
        }
        StringBuilder text = new StringBuilder();
        frames.forEach(frame -> text.append(new String(frame, StandardCharsets.UTF_8)));
        return text.toString();
    }

    /**
     * Follows what happens to labelled containers, on a thread of its own.
     *
     * @param since what happened from then on is told first
     * @param over told once, when it cannot be followed any longer
     */
    Closeable follow(
            @Nullable String project, Instant since, Consumer<EngineEvent> told, Runnable over) {
        ResultCallback.Adapter<Event> callback =
                new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Event event) {
                        EngineEvent known = Inspected.event(event);
                        if (known != null) {
                            told.accept(known);
                        }
                    }

                    @Override
                    public void onError(Throwable failure) {
                        over.run();
                    }

                    @Override
                    public void onComplete() {
                        over.run();
                    }
                };
        called(
                "follow the events",
                () ->
                        patient.eventsCmd()
                                .withEventTypeFilter(EventType.CONTAINER)
                                .withLabelFilter(labels(project).toArray(String[]::new))
                                .withSince(
                                        "%d.%09d"
                                                .formatted(since.getEpochSecond(), since.getNano()))
                                .exec(callback));
        return callback;
    }

    private static List<String> labels(@Nullable String project) {
        return project == null ? List.of(UNIT) : List.of(UNIT, PROJECT + "=" + project);
    }

    private static int seconds(Duration grace) {
        return Math.toIntExact(grace.plusMillis(999).toSeconds());
    }

    private static void called(String call, Runnable step) {
        boolean _ =
                asked(
                        call,
                        () -> {
                            try {
                                step.run();
                            } catch (NotModifiedException _) {
                                // It was so already.
                            }
                            return true;
                        });
    }

    private static <T> T asked(String call, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            throw new EngineAway(call, e);
        }
    }

    @Override
    public void close() {
        for (DockerClient client : List.of(calls, patient)) {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the client of " + url, e);
            }
        }
    }
}
