package dev.lepton.registry.watch;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.watch.Bookmark;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenChange;
import dev.lepton.registry.watch.Session.SeenClosed;
import dev.lepton.registry.watch.Session.SeenGone;
import dev.lepton.registry.watch.Session.SeenList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One open request of the watch, read frame by frame. */
public final class WatchClient implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = ProtocolJson.lenient();

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    private WatchClient(HttpResponse<InputStream> response) throws IOException {
        boolean gzip =
                response.headers()
                        .firstValue("Content-Encoding")
                        .filter("gzip"::equals)
                        .isPresent();
        this.response = response;
        this.lines =
                new BufferedReader(
                        new InputStreamReader(
                                gzip ? new FrameByFrame(response.body()) : response.body(),
                                StandardCharsets.UTF_8));
    }

    static WatchClient open(Replica replica, @Nullable Position since) {
        return openRaw(replica, since == null ? "" : "?since=" + since);
    }

    static WatchClient openRaw(Replica replica, String query, String... headers) {
        return openUrl(replica.url("/v1/watch" + query), headers);
    }

    /** Of an answer that has begun. */
    public static WatchClient of(HttpResponse<InputStream> response) throws IOException {
        return new WatchClient(response);
    }

    static WatchClient openUrl(URI url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new WatchClient(
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Says that it has no more than was read: a reader would wait for its buffer to be full. */
    private static final class FrameByFrame extends GZIPInputStream {

        FrameByFrame(InputStream compressed) throws IOException {
            super(compressed);
        }

        @Override
        public int available() {
            return 0;
        }
    }

    public int status() {
        return response.statusCode();
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    String body() throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A frame with the position that it carries. */
    public record Received(Seen seen, @Nullable Position position) {}

    /** Waits for the next frame; null at the end of the stream. */
    public @Nullable Received next() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !fields.isEmpty()) {
                return received(fields);
            }
            int colon = line.indexOf(": ");
            fields.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return null;
    }

    private static Received received(Map<String, String> fields) {
        String data = fields.get("data");
        Position id = fields.containsKey("id") ? Position.parse(fields.get("id")) : null;
        return switch (fields.get("event")) {
            case "list" -> {
                FleetList list = JSON.readValue(data, FleetList.class);
                requireSame(id, list.position());
                yield new Received(new SeenList(id.revision(), list), id);
            }
            case "change" -> {
                Change change = JSON.readValue(data, Change.class);
                requireSame(id, new Position(id.clusterId(), change.revision()));
                yield new Received(new SeenChange(id.revision(), change), id);
            }
            case "bookmark" -> {
                Bookmark bookmark = JSON.readValue(data, Bookmark.class);
                requireSame(id, bookmark.position());
                yield new Received(new SeenBookmark(id.revision(), bookmark.ageMillis()), id);
            }
            case "gone" -> new Received(new SeenGone(reason(data)), null);
            case "closed" -> new Received(new SeenClosed(reason(data)), null);
            default -> throw new IllegalStateException("unknown frame " + fields);
        };
    }

    private static String reason(String data) {
        return JSON.readTree(data).get("reason").stringValue();
    }

    private static void requireSame(Position id, Position content) {
        if (!id.equals(content)) {
            throw new IllegalStateException("id %s, content %s".formatted(id, content));
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
