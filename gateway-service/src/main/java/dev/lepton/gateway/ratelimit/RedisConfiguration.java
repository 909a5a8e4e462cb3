package dev.lepton.gateway.ratelimit;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.scheduler.Schedulers;

/** Redis, where the settings name one; elsewhere nothing of it is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(RedisIsSet.class)
@Import({DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class})
class RedisConfiguration {

    /** Commands that waited for a connection would keep the requests waiting that they are for. */
    @Bean
    LettuceClientOptionsBuilderCustomizer refuseWhileDisconnected() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    SharedBuckets sharedBuckets(LettuceConnectionFactory redis, MeterRegistry meters) {
        SharedBuckets buckets = new SharedBuckets(redis, Schedulers.boundedElastic());
        Gauge.builder("lepton.gateway.rate-limit.redis", buckets, b -> b.answer() ? 1 : 0)
                .description("Whether Redis answers and the gateways share their rate limits")
                .register(meters);
        return buckets;
    }
}
