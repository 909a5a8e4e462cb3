package dev.lepton.registry.watch;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.watch.Bookmark;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.unit.UnitRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;

/** Encodes the frames of the watch as server-sent events, whose data is one line of JSON. */
final class WatchFrames {

    private static final ObjectWriter JSON =
            ProtocolJson.lenient()
                    .writer()
                    .withoutFeatures(
                            StreamWriteFeature.AUTO_CLOSE_TARGET,
                            StreamWriteFeature.FLUSH_PASSED_TO_STREAM);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private WatchFrames() {}

    static byte[] change(String clusterId, LoggedChange change) {
        return frame(
                "event: change\nid: "
                        + new Position(clusterId, change.revision())
                        + "\ndata: "
                        + JSON.writeValueAsString(change.view()));
    }

    static byte[] bookmark(Position position, long ageMillis) {
        return frame(
                "event: bookmark\nid: "
                        + position
                        + "\ndata: "
                        + JSON.writeValueAsString(new Bookmark(position, ageMillis)));
    }

    static byte[] gone(String reason) {
        return frame("event: gone\ndata: " + JSON.writeValueAsString(Map.of("reason", reason)));
    }

    /** The last word to a watcher that is to come back, here or elsewhere, to where it was. */
    static byte[] closed(String reason) {
        return frame("event: closed\ndata: " + JSON.writeValueAsString(Map.of("reason", reason)));
    }

    /** Writes the list straight to the stream: that of a large fleet has megabytes. */
    static void list(FleetView.Picture picture, OutputStream out) throws IOException {
        out.write(
                ("event: list\nid: " + picture.position() + "\ndata: ")
                        .getBytes(StandardCharsets.UTF_8));
        JSON.writeValue(
                out,
                new FleetList(
                        picture.position(),
                        picture.units().stream().map(UnitRow::view).toList(),
                        picture.desired()));
        out.write(END);
    }

    private static byte[] frame(String text) {
        return (text + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
