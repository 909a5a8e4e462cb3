package dev.lepton.registry.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.context.request.RequestContextHolder;

/** Puts {@link PersistentSource} under the pool, and {@link RequestGate} before it. */
final class PoolPreparation implements BeanPostProcessor {

    /** Waiting costs little; whoever comes later than these would wait in vain. */
    private static final int WAITING_LIMIT = 256;

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && pool.getJdbcUrl() != null) {
            Properties properties = new Properties();
            properties.putAll(pool.getDataSourceProperties());
            pool.setDataSource(new PersistentSource(pool.getJdbcUrl(), properties, pool::isClosed));
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof HikariDataSource pool
                ? new RequestGate(
                        pool,
                        WAITING_LIMIT,
                        () -> RequestContextHolder.getRequestAttributes() != null,
                        RandomGenerator.getDefault())
                : bean;
    }
}
