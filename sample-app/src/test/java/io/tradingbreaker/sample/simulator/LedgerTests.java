package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each order is executed once. */
class LedgerTests extends AbstractSimulatorTests {

    @Test
    void sameTransactionTwice_isExecutedOnce() throws Exception {
        SignedTransaction transaction = SignedTransaction.sign(key, blockhash(), "swap o-1");

        String first = send(transaction).path("result").asString();
        String second = send(transaction).path("result").asString();

        assertThat(first).isEqualTo(transaction.signature()).isEqualTo(second);
        assertThat(simulator.status().transactions()).isEqualTo(1);
        assertThat(simulator.status().duplicates()).isEqualTo(1);
        JsonNode statuses = call("getSignatureStatuses", "[[\"" + first + "\",\"unknown\"]]")
                .path("result")
                .path("value");
        assertThat(statuses.path(0).path("confirmationStatus").asString()).isEqualTo("finalized");
        assertThat(statuses.path(1).isNull()).isTrue();
    }

    @Test
    void transactionWithAForeignBlockhash_failsItsPreflight() throws Exception {
        JsonNode error = send(SignedTransaction.sign(key, Base58.encode(new byte[32]), "swap"))
                .path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32002);
        assertThat(simulator.status().transactions()).isZero();
    }

    @Test
    void transactionThatWasChanged_failsItsSignature() throws Exception {
        byte[] wire = Base64.getDecoder()
                .decode(SignedTransaction.sign(key, blockhash(), "swap 1").base64());
        wire[wire.length - 1] = '2';

        JsonNode error = send(SignedTransaction.parse(wire)).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32003);
        assertThat(simulator.status().transactions()).isZero();
    }

    @Test
    void sameOrderInAnotherTransaction_isRefusedAndCounted() throws Exception {
        send(SignedTransaction.sign(key, blockhash(), "swap o-1 BUY SOL 1 for 100"));

        JsonNode error = send(SignedTransaction.sign(key, blockhash(), "swap o-1 BUY SOL 1 for 101"))
                .path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32002);
        assertThat(simulator.status().transactions()).isEqualTo(1);
        assertThat(simulator.status().duplicates()).isEqualTo(1);
    }

    @Test
    void simulatedTransaction_isCheckedAndNotExecuted() throws Exception {
        assertThat(simulate(SignedTransaction.sign(key, blockhash(), "swap o-1"))
                        .isNull())
                .isTrue();
        assertThat(simulate(SignedTransaction.sign(key, Base58.encode(new byte[32]), "swap o-1"))
                        .asString())
                .isEqualTo("BlockhashNotFound");

        assertThat(simulator.status().transactions()).isZero();
    }

    private JsonNode simulate(SignedTransaction transaction) throws Exception {
        return call("simulateTransaction", "[\"" + transaction.base64() + "\",{\"encoding\":\"base64\"}]")
                .path("result")
                .path("value")
                .path("err");
    }
}
