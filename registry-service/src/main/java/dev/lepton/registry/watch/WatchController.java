package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.InvalidPosition;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/watch}. Each stream keeps the virtual thread of its request. */
@RestController
class WatchController {

    private static final Logger log = LoggerFactory.getLogger(WatchController.class);
    private static final int BUFFER_BYTES = 8 << 10;

    private final WatchStreams streams;

    WatchController(WatchStreams streams) {
        this.streams = streams;
    }

    /**
     * The fleet and each change of it, as server-sent events {@code list}, {@code change}, {@code
     * bookmark}, {@code gone} and {@code closed}.
     *
     * @param since the last position seen; without it the stream begins with a list
     * @param lastEventId what browsers send instead of {@code since} when they reconnect
     */
    @GetMapping(path = "/v1/watch", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void watch(
            @RequestParam(name = "since", required = false) @Nullable String since,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        String position = since == null ? lastEventId : since;
        Position from = position == null ? null : InvalidPosition.parse(position);
        WatchStreams.Stream stream = streams.open(from);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        response.setHeader("X-Accel-Buffering", "no");
        boolean gzip = AcceptedEncodings.gzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        if (gzip) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        response.setBufferSize(BUFFER_BYTES);
        try {
            OutputStream out = response.getOutputStream();
            stream.writeTo(gzip ? WatchOutput.gzip(out) : WatchOutput.plain(out));
        } catch (IOException e) {
            // The ordinary end of a watch: the client has gone, and nobody is left to be told.
            log.debug("A watcher has gone: {}", e.getMessage());
        }
    }
}
