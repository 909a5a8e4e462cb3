package dev.lepton.client.watch;

import dev.lepton.client.watch.FleetPicture.Verdict;
import dev.lepton.client.watch.SseParser.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the frames of one stream into the picture, and says when the stream must be left. Changes
 * are gathered until they are handed on.
 */
final class FrameTaker {

    private final FleetPicture picture;
    private final JsonMapper json;
    private final long staleMillis;
    private final BiConsumer<Fleet, List<Change>> onPicture;
    private final List<Change> gathered = new ArrayList<>();
    private boolean awaitsList;

    /**
     * @param awaitsList whether the stream was asked for without a position, so that it must begin
     *     with a list
     * @param onPicture told of each new list, and of the changes whenever they are handed on
     */
    FrameTaker(
            FleetPicture picture,
            JsonMapper json,
            Duration staleness,
            boolean awaitsList,
            BiConsumer<Fleet, List<Change>> onPicture) {
        this.picture = picture;
        this.json = json;
        this.staleMillis = staleness.toMillis();
        this.awaitsList = awaitsList;
        this.onPicture = onPicture;
    }

    /** Null when the stream can be followed further. */
    @Nullable Ending take(Frame frame, long nowNanos) {
        try {
            return switch (frame.event()) {
                case "list" -> list(json.readValue(frame.data(), FleetList.class), nowNanos);
                case "change" -> change(json.readValue(frame.data(), Change.class), frame.id());
                case "bookmark" -> bookmark(json.readValue(frame.data(), Bookmark.class));
                case "gone" -> gone();
                case "closed" -> Ending.elsewhere("it closed the watch: " + reason(frame));
                default -> null;
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Ending.elsewhere(
                    "a frame is not the protocol's: " + e.getClass().getSimpleName());
        }
    }

    private String reason(Frame frame) {
        return json.readTree(frame.data()).path("reason").asString("no reason given");
    }

    void handOn() {
        if (!gathered.isEmpty()) {
            List<Change> changes = List.copyOf(gathered);
            gathered.clear();
            onPicture.accept(picture.fleet(), changes);
        }
    }

    private @Nullable Ending list(FleetList list, long nowNanos) {
        handOn();
        Ending ending = ending(picture.list(list, nowNanos));
        if (ending == null) {
            awaitsList = false;
            onPicture.accept(picture.fleet(), List.of());
        }
        return ending;
    }

    private @Nullable Ending change(Change change, @Nullable String id) {
        if (awaitsList) {
            return Ending.elsewhere("the stream does not begin with a list");
        }
        Position known = picture.position();
        if (id != null
                && known != null
                && !id.equals(known.clusterId() + ":" + change.revision())) {
            return Ending.listAgain("a change is of another cluster or revision than its frame");
        }
        Verdict verdict = picture.change(change);
        if (verdict == Verdict.TAKEN) {
            gathered.add(change);
        }
        return ending(verdict);
    }

    private @Nullable Ending bookmark(Bookmark bookmark) {
        if (awaitsList) {
            return null;
        }
        Ending ending = ending(picture.reached(bookmark.position()));
        if (ending == null && bookmark.ageMillis() > staleMillis) {
            // Without the age: the same trouble is told once.
            return Ending.stale("its view is more than %d ms old".formatted(staleMillis));
        }
        return ending;
    }

    private Ending gone() {
        return awaitsList
                ? Ending.elsewhere("it has no list")
                : Ending.listAgain("it no longer has what came next");
    }

    private static @Nullable Ending ending(Verdict verdict) {
        return switch (verdict) {
            case TAKEN, NOTHING_NEW -> null;
            case OUT_OF_ORDER -> Ending.listAgain("a change is missing, or came twice");
            case BEHIND -> Ending.elsewhere("its list is older than what is known");
        };
    }
}
