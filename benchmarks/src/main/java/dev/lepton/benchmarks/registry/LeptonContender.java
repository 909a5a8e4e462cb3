package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.peer.LeptonRegistry;
import dev.lepton.benchmarks.peer.LeptonUnits;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.benchmarks.process.Usage;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Lepton's registry with its PostgreSQL, whose units beat as its starter and supervisors do. */
record LeptonContender(LeptonRegistry registry, int units) implements Contender {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Units that are registered as a load never beat: nothing is to become of them meanwhile. */
    private static final List<String> PATIENCE =
            List.of(
                    "--lepton.lease.suspect-after=2h",
                    "--lepton.lease.duration=4h",
                    "--lepton.lifecycle.start-deadline=4h");

    /**
     * Numbers the beats by the time, as {@link LeptonUnits} does, which take the first of each
     * second.
     */
    private static final String NUMBERS =
            """
            local second, within, asked = 0, 0, 0
            local function seq()
              if asked % 64 == 0 then
                local now = os.time()
                if now ~= second then second, within = now, 0 end
              end
              asked, within = asked + 1, within + 1
              return string.format('%.0f', second * A_SECOND + within)
            end
            local function start(i)
              return string.format('00000000-0000-4000-8000-%012d', i)
            end
            local headers = ' HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nAuthorization: TOKEN\\r\\n' ..
              'Content-Type: application/json\\r\\nContent-Length: '
            """;

    private static final String BEAT =
            """
            local function beat(i)
              return '{"startId":"' .. start(i) .. '","selfCheck":"ok","completedRequests":1234567,"inFlight":3,' ..
                '"health":{"readiness":"UP"},"seq":'
            end
            """;

    private static final String BEATS =
            """
            local head, n = {}, 0
            for i = 1, UNITS do
              head[i] = 'PUT /v1/units/bench-' .. i .. '/heartbeat' .. headers .. #beat(i) + #seq() + 1 .. '\\r\\n\\r\\n' .. beat(i)
            end
            request = function()
              n = n % UNITS + 1
              return head[n] .. seq() .. '}'
            end
            """;

    private static final String BATCHES =
            """
            local parts, length = {}, 0
            for i = 1, UNITS do
              parts[2 * i - 1] = (i == 1 and '{"beats":[' or '}},') .. '{"unitId":"bench-' .. i .. '","heartbeat":' .. beat(i)
              parts[2 * i] = seq()
            end
            parts[2 * UNITS + 1] = '}}]}'
            local head = 'POST /v1/heartbeats' .. headers .. #table.concat(parts) .. '\\r\\n\\r\\n'
            request = function()
              local number = seq()
              for i = 1, UNITS do parts[2 * i] = number end
              return head .. table.concat(parts)
            end
            """;

    private static final String REGISTRATIONS =
            """
            local n = 0
            request = function()
              n = n + 1
              local body = '{"unitId":"fresh-ROUND-' .. n .. '","startId":"' .. start(ROUND * 100000000 + n) .. '","service":"service-1",' ..
                '"address":{"scheme":"http","host":"127.0.0.1","port":8080},"beater":"self","weight":100}'
              return 'POST /v1/units' .. headers .. #body .. '\\r\\n\\r\\n' .. body
            end
            """;

    static LeptonContender start(Stage stage, Setup setup, List<String> jvmOptions, int units)
            throws IOException, InterruptedException {
        LeptonRegistry registry =
                LeptonRegistry.start(setup, "lepton-registry", jvmOptions, PATIENCE);
        RegistryClient client =
                stage.keep(new RegistryClient(List.of(registry.url()), registry.token(), TIMEOUT));
        stage.keep(
                LeptonUnits.register(
                        client,
                        IntStream.rangeClosed(1, units)
                                .mapToObj(LeptonContender::registration)
                                .toList()));
        return new LeptonContender(registry, units);
    }

    /** As the scripts name it. */
    private static Registration registration(int number) {
        return new Registration(
                new UnitId("bench-" + number),
                StartId.parse(String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", number)),
                new ServiceName("service-1"),
                UnitAddress.http("127.0.0.1", 8080),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Override
    public String title() {
        return "Lepton";
    }

    @Override
    public URI url() {
        return registry.url();
    }

    @Override
    public boolean takes(Load load) {
        return true;
    }

    @Override
    public String requests(Load load, int round) {
        String lua =
                switch (load) {
                    case BEATS -> BEAT + BEATS;
                    case BATCHES -> BEAT + BATCHES;
                    case REGISTRATIONS -> REGISTRATIONS;
                };
        return (NUMBERS + lua)
                .replace("UNITS", Integer.toString(units))
                .replace("ROUND", Integer.toString(round))
                .replace("A_SECOND", Long.toString(LeptonUnits.BEATS_A_SECOND))
                .replace("TOKEN", registry.token().header());
    }

    @Override
    public StartedProcess process() {
        return registry.process();
    }

    @Override
    public Usage databaseUsage() throws IOException {
        return registry.databaseUsage();
    }
}
