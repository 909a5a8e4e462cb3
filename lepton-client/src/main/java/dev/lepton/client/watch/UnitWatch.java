package dev.lepton.client.watch;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.rest.RegistryHttp;
import dev.lepton.client.rest.RegistryUrls;
import dev.lepton.client.watch.Ending.Next;
import dev.lepton.client.watch.WatchStream.NotAStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the registry's change log over {@code GET /v1/watch} and keeps a {@link Fleet} current:
 * draws its own order of the URLs, once; resumes where it was, moves to the next URL after 3 s of
 * silence or when a replica's view is older than 5 s, keeps its last list on disk and starts from
 * it when no registry answers.
 */
public final class UnitWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(UnitWatch.class.getName());
    private static final int LONGEST_FRAME_BYTES = 64 << 20;
    private static final int SIGNALS_AT_ONCE = 256;
    private static final Duration OWN_LATENESS = Duration.ofMillis(500);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final RegistryUrls urls;
    private final Supplier<@Nullable BearerToken> token;
    private final @Nullable DiskList disk;
    private final @Nullable DiskListWriter diskWriter;
    private final FleetListener listener;
    private final WatchTimings timings;
    private final LongSupplier nanos;
    private final int longestFrameBytes;

    private final JsonMapper json = ProtocolJson.lenient();
    private final HttpClient http;
    private final Backoff backoff;
    private final FleetPicture picture;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("lepton-watch").unstarted(this::run);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** What was reported since a replica was last followed; it is not repeated. */
    private final Set<String> troubles = new HashSet<>();

    private volatile Fleet fleet = Fleet.UNKNOWN;
    private volatile boolean fromDisk;
    private volatile @Nullable URI connectedTo;
    private volatile @Nullable Long heardAtNanos;
    private volatile @Nullable WatchStream stream;

    /**
     * @param urls base URLs of the registry's replicas
     * @param token null when the registry asks for none
     * @param diskList where the last list is kept, null for none
     * @param listener told of each new picture
     */
    public UnitWatch(
            List<URI> urls,
            @Nullable BearerToken token,
            @Nullable Path diskList,
            FleetListener listener) {
        this(urls, () -> token, diskList, listener);
    }

    /**
     * @param urls base URLs of the registry's replicas
     * @param token asked at each connection, so that a token that is made later is found; null when
     *     the registry asks for none
     * @param diskList where the last list is kept, null for none
     * @param listener told of each new picture
     */
    public UnitWatch(
            List<URI> urls,
            Supplier<@Nullable BearerToken> token,
            @Nullable Path diskList,
            FleetListener listener) {
        this(urls, token, diskList, listener, new SplittableRandom());
    }

    /**
     * @param random draws the order of the URLs, and the waits between two attempts
     */
    UnitWatch(
            List<URI> urls,
            Supplier<@Nullable BearerToken> token,
            @Nullable Path diskList,
            FleetListener listener,
            RandomGenerator random) {
        this(
                new RegistryUrls(urls).drawn(random),
                token,
                diskList,
                listener,
                WatchTimings.ORDINARY,
                System::nanoTime,
                random,
                LONGEST_FRAME_BYTES);
    }

    /** Tries the URLs in their order. */
    UnitWatch(
            RegistryUrls urls,
            Supplier<@Nullable BearerToken> token,
            @Nullable Path diskList,
            FleetListener listener,
            WatchTimings timings,
            LongSupplier nanos,
            RandomGenerator random,
            int longestFrameBytes) {
        this.urls = urls;
        this.token = token;
        this.disk = diskList == null ? null : new DiskList(diskList);
        this.diskWriter = disk == null ? null : new DiskListWriter(disk, timings.diskPause());
        this.listener = listener;
        this.timings = timings;
        this.nanos = nanos;
        this.longestFrameBytes = longestFrameBytes;
        this.http = RegistryHttp.client("lepton-watch-http", timings.connect());
        this.backoff = new Backoff(timings.firstBackoff(), timings.longestBackoff(), random);
        this.picture = new FleetPicture(timings.keptFromForeign());
    }

    /**
     * Loads the list from disk, tells the listener, and begins to follow on a thread of its own.
     */
    public void start() {
        FleetList last = disk == null ? null : disk.load();
        if (last != null) {
            picture.list(last, nanos.getAsLong());
            fleet = picture.fleet();
            fromDisk = true;
            tell(fleet, List.of());
        }
        thread.start();
    }

    public Fleet fleet() {
        return fleet;
    }

    /** What an operator wants to know of the watch itself. */
    public WatchStatus status() {
        Long heard = heardAtNanos;
        return new WatchStatus(
                connectedTo,
                fleet.position(),
                heard == null ? null : TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - heard),
                fromDisk);
    }

    /** Ends the watch and writes the disk list; the listener is not told of anything afterwards. */
    @Override
    public void close() {
        closed.countDown();
        WatchStream open = stream;
        if (open != null) {
            open.close();
        }
        http.shutdownNow();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(CLOSE_WAIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (diskWriter != null) {
            diskWriter.close();
        }
    }

    private void run() {
        int url = 0;
        boolean listAgain = picture.position() == null;
        while (waitedFor(backoff.nextNanos())) {
            Ending ending = followed(urls.get(url), listAgain);
            if (closed.getCount() == 0) {
                return;
            }
            report(urls.get(url), ending);
            listAgain = ending.next() == Next.LIST_AGAIN || picture.position() == null;
            url = ending.next() == Next.LIST_AGAIN ? url : (url + 1) % urls.size();
        }
    }

    private boolean waitedFor(long waitNanos) {
        try {
            return !closed.await(waitNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private Ending followed(URI url, boolean listFirst) {
        long began = nanos.getAsLong();
        Position since = listFirst ? null : picture.position();
        try (WatchStream opened = WatchStream.open(http, request(url, since), timings.silence());
                FrameReader reader = new FrameReader(opened.encoding(), longestFrameBytes)) {
            stream = opened;
            if (closed.getCount() == 0) {
                return Ending.elsewhere("the watch was closed");
            }
            return read(
                    opened,
                    url,
                    reader,
                    new FrameTaker(
                            picture, json, timings.staleness(), since == null, this::publish));
        } catch (NotAStream e) {
            boolean gone = e.status() == 410 && since != null;
            String why = String.valueOf(e.getMessage());
            return gone ? Ending.listAgain(why) : Ending.elsewhere(why);
        } catch (IOException e) {
            return Ending.elsewhere(
                    e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Ending.elsewhere("it was interrupted");
        } catch (RuntimeException | Error e) {
            // Without this thread the fleet would stand still for ever.
            LOG.log(System.Logger.Level.WARNING, "the watch of " + url + " failed", e);
            return Ending.elsewhere(e.toString());
        } finally {
            stream = null;
            boolean established = connectedTo != null;
            connectedTo = null;
            if (established && nanos.getAsLong() - began >= timings.steady().toNanos()) {
                backoff.reset();
            }
        }
    }

    private Ending read(WatchStream stream, URI url, FrameReader reader, FrameTaker taker)
            throws InterruptedException {
        long heard = nanos.getAsLong();
        long now = heard;
        while (true) {
            long looked = now;
            WatchStream.Signal signal = stream.poll(timings.slice().toNanos());
            now = nanos.getAsLong();
            if (picture.dropExpired(now)) {
                publish(picture.fleet(), List.of());
            }
            if (signal != null) {
                heard = now;
                Ending ending = takenWithAllThatIsReadable(signal, stream, url, reader, taker);
                if (ending != null) {
                    return ending;
                }
                continue;
            }
            // Whoever paused itself has no right to call another silent.
            boolean late = now - looked > timings.slice().plus(OWN_LATENESS).toNanos();
            heard = late ? now : heard;
            if (now - heard >= timings.silence().toNanos()) {
                return Ending.elsewhere("it was silent for " + timings.silence());
            }
        }
    }

    private @Nullable Ending takenWithAllThatIsReadable(
            WatchStream.Signal first,
            WatchStream stream,
            URI url,
            FrameReader reader,
            FrameTaker taker)
            throws InterruptedException {
        long now = nanos.getAsLong();
        WatchStream.Signal signal = first;
        try {
            for (int i = 1; ; i++) {
                Ending ending = taken(signal, url, reader, taker, now);
                signal = ending != null || i == SIGNALS_AT_ONCE ? null : stream.poll(0);
                if (signal == null) {
                    return ending;
                }
            }
        } finally {
            taker.handOn();
        }
    }

    private @Nullable Ending taken(
            WatchStream.Signal signal, URI url, FrameReader reader, FrameTaker taker, long now) {
        return switch (signal) {
            case WatchStream.End end -> Ending.elsewhere(end.why());
            case WatchStream.Bytes bytes -> {
                try {
                    for (ByteBuffer buffer : bytes.buffers()) {
                        for (SseParser.Frame frame : reader.feed(buffer)) {
                            Ending ending = taker.take(frame, now);
                            if (ending != null && !toleratedHere(ending)) {
                                yield ending;
                            }
                            heardFrom(url, now);
                        }
                    }
                } catch (IOException e) {
                    yield Ending.elsewhere(String.valueOf(e.getMessage()));
                }
                yield null;
            }
        };
    }

    /** The view of the only replica is the best there is, however old. */
    private boolean toleratedHere(Ending ending) {
        return ending.next() == Next.STALE && urls.size() == 1;
    }

    private void heardFrom(URI url, long now) {
        heardAtNanos = now;
        fromDisk = false;
        if (connectedTo == null) {
            connectedTo = url;
            troubles.clear();
            LOG.log(
                    System.Logger.Level.INFO,
                    "following {0} from {1}",
                    url,
                    String.valueOf(picture.position()));
        }
    }

    private HttpRequest request(URI url, @Nullable Position since) {
        String query =
                since == null
                        ? ""
                        : "?since=" + URLEncoder.encode(since.toString(), StandardCharsets.UTF_8);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/v1/watch" + query))
                        .header("Accept", "text/event-stream, application/problem+json")
                        .header("Accept-Encoding", "gzip");
        BearerToken carried = token.get();
        if (carried != null) {
            request.header("Authorization", carried.header());
        }
        return request.build();
    }

    private void publish(Fleet now, List<Change> changes) {
        fleet = now;
        // Until what was kept from a foreign cluster is gone, the disk keeps the older cluster's
        // list: a restart within that time then meets the foreign list again, and keeps them again.
        if (diskWriter != null && picture.isOfOneCluster()) {
            diskWriter.changed(now);
        }
        tell(now, changes);
    }

    private void tell(Fleet now, List<Change> changes) {
        if (closed.getCount() == 0) {
            return;
        }
        try {
            listener.fleetChanged(now, changes);
        } catch (Throwable e) {
            // The listener's trouble is not the watch's: the next picture may be one it can use.
            LOG.log(System.Logger.Level.WARNING, "the listener failed", e);
        }
    }

    private void report(URI url, Ending ending) {
        LOG.log(
                troubles.add(url + " " + ending.why())
                        ? System.Logger.Level.INFO
                        : System.Logger.Level.DEBUG,
                "left {0}: {1}",
                url,
                ending.why());
    }
}
