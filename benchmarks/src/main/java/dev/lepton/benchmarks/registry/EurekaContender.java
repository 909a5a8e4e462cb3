package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.peer.EurekaRegistry;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

/** A stock Eureka server whose units renew as its clients do, in one call each. */
record EurekaContender(EurekaRegistry registry, int units) implements Contender {

    private static final String SERVICE = "service-1";
    private static final int FIRST_PORT = 10_001;

    private static final String BEATS =
            """
            local asked, n = {}, 0
            for i = 1, UNITS do
              asked[i] = 'PUT /eureka/apps/APP/SERVICE:' .. FIRST - 1 + i ..
                '?status=UP HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Length: 0\\r\\n\\r\\n'
            end
            request = function()
              n = n % UNITS + 1
              return asked[n]
            end
            """;

    private static final String REGISTRATIONS =
            """
            local head = 'POST /eureka/apps/APP HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n' ..
              'Content-Type: application/json\\r\\nContent-Length: '
            local n = 0
            request = function()
              n = n + 1
              local body = '{"instance":{"instanceId":"fresh-ROUND-' .. n .. '","app":"APP","vipAddress":"SERVICE",' ..
                '"hostName":"127.0.0.1","ipAddr":"127.0.0.1","status":"UP","port":{"$":8080,"@enabled":"true"},' ..
                '"dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"}}}'
              return head .. #body .. '\\r\\n\\r\\n' .. body
            end
            """;

    static EurekaContender start(Stage stage, Setup setup, List<String> jvmOptions, int units)
            throws IOException, InterruptedException {
        EurekaRegistry registry = EurekaRegistry.start(setup, jvmOptions);
        registry.register(
                stage, SERVICE, IntStream.range(FIRST_PORT, FIRST_PORT + units).boxed().toList());
        return new EurekaContender(registry, units);
    }

    @Override
    public String title() {
        return "Eureka";
    }

    @Override
    public URI url() {
        return registry.url();
    }

    @Override
    public boolean takes(Load load) {
        return load != Load.BATCHES;
    }

    @Override
    public String requests(Load load, int round) {
        String lua =
                switch (load) {
                    case BEATS -> BEATS;
                    case REGISTRATIONS -> REGISTRATIONS;
                    case BATCHES ->
                            throw new IllegalArgumentException("Eureka has no call for batches");
                };
        return lua.replace("UNITS", Integer.toString(units))
                .replace("FIRST", Integer.toString(FIRST_PORT))
                .replace("ROUND", Integer.toString(round))
                .replace("SERVICE", SERVICE)
                .replace("APP", EurekaRegistry.application(SERVICE));
    }

    @Override
    public StartedProcess process() {
        return registry.process();
    }

    @Override
    public Usage databaseUsage() {
        return Usage.NONE;
    }
}
