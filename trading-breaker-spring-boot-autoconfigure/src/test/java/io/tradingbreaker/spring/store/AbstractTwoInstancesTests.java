package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.tradingbreaker.BreakerConflictException;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.SwitchStoreException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Two instances of a service that share a database. */
abstract class AbstractTwoInstancesTests {

    private final Pools pools = new Pools();
    private HikariDataSource pool;
    private Plug plug;
    private Instance one;
    private Instance other;

    /** The address of a new database without tables. */
    abstract String newDatabase();

    @BeforeEach
    void start() {
        pool = pools.to(newDatabase(), 8);
        plug = new Plug(pool);
        one = new Instance(store());
        other = new Instance(new JdbcSwitchStore(plug, "default", true));
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        pools.close();
    }

    private JdbcSwitchStore store() {
        return new JdbcSwitchStore(pool, "default", true);
    }

    @Test
    void haltAndResume_reachTheOtherWithOneRefresh() {
        one.registry.halt("fat finger", "alice");
        other.afterOneRefresh(() -> assertThat(other.state("node")).isEqualTo(BreakerState.HALTED));

        other.registry.breaker("node").resume("checked", "bob");
        one.afterOneRefresh(() -> assertThat(one.state("node")).isNotEqualTo(BreakerState.HALTED));
        assertThat(one.state("trading")).isEqualTo(BreakerState.HALTED);

        one.registry.resume("all is well", "alice");
        other.afterOneRefresh(() -> assertThat(other.state("trading")).isNotEqualTo(BreakerState.HALTED));
    }

    @Test
    void staleInstance_cannotClearANewerHalt() {
        one.registry.halt("fat finger", "alice");
        other.afterOneRefresh(() -> assertThat(other.state("node")).isEqualTo(BreakerState.HALTED));
        one.registry.resume("checked", "alice");
        one.registry.halt("it goes on", "carol");

        // It knows alice's halt only.
        assertThatThrownBy(() -> other.registry.resume("as agreed", "bob"))
                .isInstanceOf(BreakerConflictException.class)
                .hasMessageContaining("carol")
                .hasMessageContaining(one.time.clock().instant().toString())
                .hasMessageContaining("it goes on");

        assertThat(other.state("node")).isEqualTo(BreakerState.HALTED);
        assertThat(store().read().all().actor()).isEqualTo("carol");

        other.registry.resume("told by carol", "bob");
        assertThat(other.state("node")).isNotEqualTo(BreakerState.HALTED);
        assertThat(new JdbcTemplate(pool)
                        .queryForList(
                                "SELECT action || ' ' || actor FROM trading_breaker_switch_audit ORDER BY id",
                                String.class))
                .containsExactly("halt alice", "resume alice", "halt carol", "resume bob");
    }

    @Test
    void restart_isHaltedWithReasonAndActor() {
        one.registry.breaker("node").halt("fat finger", "alice");

        try (Instance restarted = new Instance(store())) {
            assertThat(restarted.state("node")).isEqualTo(BreakerState.HALTED);
            assertThat(restarted.state("trading")).isEqualTo(BreakerState.CLOSED);
            assertThat(restarted.registry.breaker("node").snapshot().reason().message())
                    .contains("fat finger");
        }
    }

    @Test
    void haltWithinATransactionThatIsRolledBack_stays() {
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(pool);
        SwitchStore joining = new JdbcSwitchStore(new TransactionAwareDataSourceProxy(pool), "default", true);
        try (Instance inService = new Instance(joining)) {
            new TransactionTemplate(transactions).executeWithoutResult(status -> {
                new JdbcTemplate(pool).execute("CREATE TABLE orders (id int)");
                inService.registry.halt("fat finger", "alice");
                joining.read();
                status.setRollbackOnly();
            });
        }
        assertThat(store().read().all().actor()).isEqualTo("alice");
    }

    @Test
    void databaseGone_keepsWhatIsKnownAndStoresTheHaltLater() {
        one.registry.breaker("node").halt("fat finger", "alice");
        other.afterOneRefresh(() -> assertThat(other.state("node")).isEqualTo(BreakerState.HALTED));
        plug.isOut = true;

        assertThatThrownBy(() -> other.registry.halt("all of it", "bob"))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("halted, but not stored")
                .hasMessageContaining("connection refused");
        assertThatThrownBy(() -> other.registry.breaker("node").resume("checked", "bob"))
                .isInstanceOf(SwitchStoreException.class);
        assertThat(other.state("node")).isEqualTo(BreakerState.HALTED);
        assertThat(other.state("trading")).isEqualTo(BreakerState.HALTED);
        assertThat(other.registry.storeStatus().isPending()).isTrue();

        plug.isOut = false;
        other.eventually(() -> assertThat(store().read().all()).isNotNull());
        one.afterOneRefresh(() -> assertThat(one.state("trading")).isEqualTo(BreakerState.HALTED));
    }

    @Test
    void databaseGoneAtTheStart_haltsUntilItIsThere() {
        one.registry.breaker("node").halt("fat finger", "alice");
        plug.isOut = true;
        SwitchStore gone = new JdbcSwitchStore(plug, "default", true);
        try (Instance halted = new Instance(gone);
                Instance trading = new Instance(gone, SwitchStore.OnUnreadable.START)) {
            assertThat(halted.state("trading")).isEqualTo(BreakerState.HALTED);
            assertThat(halted.registry.breaker("trading").snapshot().reason().message())
                    .contains("connection refused");
            assertThat(trading.state("node")).isEqualTo(BreakerState.CLOSED);

            plug.isOut = false;
            halted.eventually(() -> assertThat(halted.state("trading")).isNotEqualTo(BreakerState.HALTED));
            trading.eventually(() -> assertThat(trading.state("node")).isEqualTo(BreakerState.HALTED));
            assertThat(halted.state("node")).isEqualTo(BreakerState.HALTED);
        }
    }

    @Test
    void operatorsOfBothAtOnce_agreeInTheEnd() throws Exception {
        AbstractJdbcSwitchStoreTests.atOnce(4, number -> {
            Instance instance = number % 2 == 0 ? one : other;
            Random random = new Random(number);
            for (int i = 0; i < 25; i++) {
                String actor = "desk" + number;
                try {
                    switch (random.nextInt(4)) {
                        case 0 -> instance.registry.halt("all " + i, actor);
                        case 1 -> instance.registry.resume("all " + i, actor);
                        case 2 -> instance.registry.breaker("node").halt("node " + i, actor);
                        default -> instance.registry.breaker("node").resume("node " + i, actor);
                    }
                } catch (BreakerConflictException e) {
                    // The other was faster, or there is nothing to resume.
                }
            }
            return null;
        });

        for (Instance instance : List.of(one, other)) {
            instance.eventually(() -> {
                SwitchPositions stored = store().read();
                for (String breaker : List.of("node", "trading")) {
                    SwitchPositions.Position own = stored.breakers().get(breaker);
                    SwitchPositions.Position position = own == null ? stored.all() : own;
                    assertThat(instance.state(breaker) == BreakerState.HALTED)
                            .as(breaker + " " + stored)
                            .isEqualTo(position != null && position.state() == BreakerState.HALTED);
                }
                assertThat(instance.registry.storeStatus().isPending()).isFalse();
            });
        }
        assertThat(new JdbcTemplate(pool)
                        .queryForObject("SELECT max(version) FROM trading_breaker_switch_audit", Long.class))
                .isEqualTo(store().read().version());
    }
}
