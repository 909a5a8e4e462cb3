package dev.lepton.starter.autoconfigure;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * What the settings say about the application's own web server.
 *
 * @param boundTo the one address that it answers at, null when it answers at all
 * @param secure whether it speaks TLS
 * @param graceful whether its stop waits for requests in flight
 */
record OwnServer(@Nullable InetAddress boundTo, boolean secure, boolean graceful) {

    static OwnServer of(Environment environment) {
        Binder binder = Binder.get(environment);
        InetAddress address = binder.bind("server.address", InetAddress.class).orElse(null);
        String shutdown = binder.bind("server.shutdown", String.class).orElse("graceful");
        return new OwnServer(
                address == null || address.isAnyLocalAddress() ? null : address,
                binder.bind("server.ssl", Ssl.class).map(ssl -> ssl.isEnabled()).orElse(false),
                !shutdown.equalsIgnoreCase("immediate"));
    }

    /** Where this process reaches it. */
    InetAddress localAddress() {
        return boundTo == null ? InetAddress.getLoopbackAddress() : boundTo;
    }
}
