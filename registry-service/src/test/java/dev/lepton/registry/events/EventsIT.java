package dev.lepton.registry.events;

import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.desired;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static dev.lepton.registry.changelog.TestUnits.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String id = "u-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void pageFollowsItsPositionOldestFirst() {
        long first = store(registration(aUnit(id)));
        store(wish(desired(id, 1)));
        store(registration(aUnit(id + "-c")));

        EventPage page = page("?limit=2&since=" + at(first - 1));
        EventPage next = page("?since=" + page.position());

        assertThat(page.events().getFirst().unitId().value()).isEqualTo(id);
        assertThat(page.events().getLast().desired()).isEqualTo(desired(id, 1));
        assertThat(page.position()).isEqualTo(at(first + 1));
        assertThat(next.events().getFirst().unitId().value()).isEqualTo(id + "-c");
    }

    @Test
    void pageWithoutAPositionBeginsWithTheOldestEvent() {
        store(registration(aUnit(id)));

        assertThat(page("?limit=1").events().getFirst().revision()).isEqualTo(1);
    }

    @Test
    void pageAfterTheLastEventIsEmptyAndKeepsItsPosition() {
        long last = store(registration(aUnit(id)));

        EventPage page = page("?since=" + at(last + 5000));

        assertThat(page.events()).isEmpty();
        assertThat(page.position()).isEqualTo(at(last + 5000));
    }

    @Test
    void positionOfAnotherClusterIsGone() {
        HttpResponse<String> answer =
                registry.get("/v1/events?since=" + new Position(UUID.randomUUID() + ".1", 1));

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).contains("\"code\":\"gone\"");
    }

    @Test
    void whatTheFloorHidesIsGoneThoughTheDutiesStillReadIt() {
        store(registration(aUnit(id)));
        store(registration(aUnit(id + "-b")));
        long kept = store(registration(aUnit(id + "-c")));
        raiseFloor(kept - 1);
        try {
            HttpResponse<String> below = registry.get("/v1/events?since=" + at(kept - 2));

            assertThat(below.statusCode()).isEqualTo(410);
            assertThat(below.body())
                    .contains("\"code\":\"gone\"", "is no longer kept in the change log");
            assertThat(page("?since=" + at(kept - 1)).events().getFirst().revision())
                    .isEqualTo(kept);
            assertThat(page("").events().getFirst().revision()).isEqualTo(kept);
        } finally {
            raiseFloor(0);
        }
    }

    @Test
    void limitOutsideOfItsRangeAndUnreadablePositionsAreInvalid() {
        for (String query :
                new String[] {"limit=0", "limit=1001", "limit=x", "since=x", "since="}) {
            HttpResponse<String> answer = registry.get("/v1/events?" + query);

            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(answer.body()).as(query).contains("\"code\":\"invalid\"");
        }
    }

    @Test
    void watchThatIsRefusedAnswersWithAProblemAlsoToAReaderOfEvents() throws Exception {
        HttpResponse<String> answer =
                registry.send(
                        registry.request(
                                        "/v1/watch?since="
                                                + new Position(UUID.randomUUID() + ".1", 1))
                                .header("Accept", "text/event-stream"));

        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"gone\"");
    }

    private static EventPage page(String query) {
        HttpResponse<String> answer = registry.get("/v1/events" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ProtocolJson.lenient().readValue(answer.body(), EventPage.class);
    }

    private static void raiseFloor(long revision) {
        database.jdbc().sql("UPDATE change_log_floor SET revision = ?").param(revision).update();
    }

    private static long store(ProposedChange change) {
        return ((Written) registry.bean(ChangeWriter.class).write(change).join()).revision();
    }

    private static Position at(long revision) {
        return new Position(registry.bean(FleetView.class).position().clusterId(), revision);
    }
}
