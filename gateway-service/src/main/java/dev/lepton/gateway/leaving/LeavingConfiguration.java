package dev.lepton.gateway.leaving;

import java.util.function.LongSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "server.shutdown", havingValue = "graceful")
class LeavingConfiguration {

    @Bean
    Leaving leaving(LongSupplier nanoTime) {
        return new Leaving(nanoTime);
    }

    @Bean
    Requests requests(Leaving leaving) {
        return new Requests(leaving);
    }

    /** Not a customizer of the server itself, which would reach the management port as well. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionsThatEnd(Leaving leaving) {
        return factory ->
                factory.addServerCustomizers(server ->
                        server.doOnBound(leaving::bound)
                                .doOnChannelInit((_, channel, _) -> leaving.opened(channel)));
    }
}
