package io.tradingbreaker.company;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.test.ManualScheduler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.interceptor.AsyncUncaughtExceptionHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Orders in virtual time, with a table for their fills, and what the tests watch. */
@Configuration(proxyBeanMethods = false)
class Floor {

    @Bean
    ManualScheduler recoveryScheduler() {
        return new ManualScheduler();
    }

    @Bean
    BreakerClock breakerClock(ManualScheduler time) {
        return time.clock();
    }

    @Bean
    Venue venue() {
        return new Venue();
    }

    @Bean
    Orders orders(Venue venue, JdbcTemplate jdbc) {
        jdbc.execute("create table fills (id identity primary key)");
        return new Orders(venue, jdbc);
    }

    @Bean
    Transactions transactions() {
        return new Transactions();
    }

    @Bean
    Uncaught uncaught() {
        return new Uncaught();
    }

    /** A bean apart: Boot wraps it. */
    @Bean
    AsyncConfigurer asyncConfigurer(Uncaught uncaught) {
        return new AsyncConfigurer() {
            @Override
            public AsyncUncaughtExceptionHandler getAsyncUncaughtExceptionHandler() {
                return (error, method, arguments) -> uncaught.errors.add(error);
            }
        };
    }

    /** Counts transactions, and does what the test says when one commits. */
    static final class Transactions implements TransactionExecutionListener {

        final AtomicInteger begun = new AtomicInteger();
        private volatile Runnable commit = () -> {};

        void onCommit(Runnable commit) {
            this.commit = commit;
        }

        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            begun.incrementAndGet();
        }

        @Override
        public void beforeCommit(TransactionExecution transaction) {
            commit.run();
        }
    }

    /** What {@code @Async} methods without a future threw. */
    static final class Uncaught {

        final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    }
}
