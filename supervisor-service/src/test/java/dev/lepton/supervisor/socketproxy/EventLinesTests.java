package dev.lepton.supervisor.socketproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLinesTests {

    private static final String LABELS =
            "\"lepton.unit\":\"worker-1\",\"com.docker.compose.project\":\"shop\"";
    private static final String START = event("start", LABELS);

    @Test
    void ofAnEventNamedFieldsAreTold() throws IOException {
        assertThat(
                        passed(
                                """
                                {"status":"die","id":"a1","from":"worker:secret","Type":"container",\
                                "Action":"die","Actor":{"ID":"a1","Attributes":{%s,"exitCode":"137",\
                                "image":"secret","other.label":"secret"}},"scope":"local","time":1,\
                                "timeNano":1000000002}
                                """
                                        .formatted(LABELS)))
                .isEqualTo(
                        """
                        {"id":"a1","Type":"container","time":1,"timeNano":1000000002,\
                        "Action":"die","status":"die","Actor":{"ID":"a1",\
                        "Attributes":{%s,"exitCode":"137"}}}
                        """
                                .formatted(LABELS));
    }

    @Test
    void whatFollowsTheColonOfAnActionIsNotTold() throws IOException {
        assertThat(passed(event("health_status: secret", LABELS)))
                .isEqualTo(event("health_status", LABELS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec_create: sh -c 'TOKEN=x'", "exec_start: sh", "exec_die"})
    void processesThatSomebodyRunsInAContainerAreNotTold(String action) throws IOException {
        assertThat(passed(event(action, LABELS) + START)).isEqualTo(START);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"lepton.unit\":\"worker-1\"",
                "\"com.docker.compose.project\":\"shop\"",
                "\"lepton.unit\":\"worker-1\",\"com.docker.compose.project\":\"other\""
            })
    void anEventOfAContainerThatIsNoUnitOfTheProjectIsNotTold(String labels) throws IOException {
        assertThat(passed(event("start", labels) + START)).isEqualTo(START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "1", "TOKEN=x", "{\"Action\":"})
    void aLineThatIsNoEventIsLeftOut(String line) throws IOException {
        assertThat(passed(line + "\n" + START)).isEqualTo(START);
    }

    @Test
    void anEventWhoseLineBreaksOffIsLeftOut() throws IOException {
        assertThat(passed(START + START.strip())).isEqualTo(START);
    }

    @Test
    void aLineMayHave262144BytesAndNotOneMore() throws IOException {
        String most = START.strip() + " ".repeat(262_144 - START.strip().length());

        assertThat(passed(most + "\n")).isEqualTo(START);
        assertThat(passed(most + " \n" + START)).isEqualTo(START);
    }

    private static String event(String action, String labels) {
        return "{\"Type\":\"container\",\"Action\":\"%s\",\"Actor\":{\"ID\":\"1\",\"Attributes\":{%s}}}\n"
                .formatted(action, labels);
    }

    private static String passed(String lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EventLines(
                        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new Scope("shop"))
                .pass();
        return out.toString(StandardCharsets.UTF_8);
    }
}
