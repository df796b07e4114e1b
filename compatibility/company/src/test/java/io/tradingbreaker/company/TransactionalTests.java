package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.TradingPausedException;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** {@code @Transactional} is inside: the breaker is asked before a connection is taken, and times the commit. */
@CompanyTest
class TransactionalTests extends AbstractOrdersTests {

    @Test
    void pausedCall_beginsNoTransaction() {
        pause();
        assertThatThrownBy(orders::booked).isInstanceOf(TradingPausedException.class);
        assertThat(transactions.begun).hasValue(0);
        assertThat(fills()).isZero();
    }

    @Test
    void callThatPasses_runsInATransaction() {
        venue.answers(() -> Boolean.toString(TransactionSynchronizationManager.isActualTransactionActive()));
        assertThat(orders.booked()).isEqualTo("true");
        assertThat(transactions.begun).hasValue(1);
        assertThat(fills()).isEqualTo(1);
    }

    @Test
    void failure_rollsBack_andCounts() {
        venue.answers(() -> {
            throw new IllegalStateException("refused");
        });
        assertThatThrownBy(orders::booked).hasMessage("refused");
        assertThat(fills()).isZero();
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void slowCommit_isASlowCall() {
        transactions.onCommit(() -> passes(300));
        orders.booked();
        assertThat(slow()).isEqualTo(1);
    }

    @Test
    void failedCommit_isAFailedCall() {
        transactions.onCommit(() -> {
            throw new IllegalStateException("disk full");
        });
        assertThatThrownBy(orders::booked).hasMessage("disk full");
        assertThat(failed()).isEqualTo(1);
        assertThat(fills()).isZero();
    }
}
