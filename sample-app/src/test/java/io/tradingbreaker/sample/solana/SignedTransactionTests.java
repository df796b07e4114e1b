package io.tradingbreaker.sample.solana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SignedTransactionTests {

    private final Keypair key = Keypair.generate();
    private final byte[] blockhash = new byte[SignedTransaction.BLOCKHASH];

    @Test
    void signed_carriesMemoBlockhashAndAValidSignature() {
        Arrays.fill(blockhash, (byte) 7);

        SignedTransaction transaction = SignedTransaction.sign(key, Base58.encode(blockhash), "swap o-1 BUY");

        SignedTransaction received = SignedTransaction.parse(Base64.getDecoder().decode(transaction.base64()));
        assertThat(received.isSignedCorrectly()).isTrue();
        assertThat(received.blockhash()).isEqualTo(blockhash);
        assertThat(received.memo()).isEqualTo("swap o-1 BUY");
        assertThat(received.signature()).isEqualTo(transaction.signature());
    }

    @Test
    void sameContent_hasTheSameSignature() {
        assertThat(SignedTransaction.sign(key, Base58.encode(blockhash), "swap o-1")
                        .signature())
                .isEqualTo(SignedTransaction.sign(key, Base58.encode(blockhash), "swap o-1")
                        .signature())
                .isNotEqualTo(SignedTransaction.sign(Keypair.generate(), Base58.encode(blockhash), "swap o-1")
                        .signature());
    }

    @Test
    void versionedMessage_isSignedBehindItsVersion() {
        byte[] legacy = SignedTransaction.unsigned(key.publicKey(), blockhash, "x");
        byte[] wire = ByteBuffer.allocate(legacy.length + 2)
                .put(legacy, 0, 65)
                .put((byte) 0x80)
                .put(legacy, 65, legacy.length - 65)
                .put((byte) 0)
                .array();

        SignedTransaction signed = SignedTransaction.sign(key, wire);

        assertThat(signed.isSignedCorrectly()).isTrue();
        assertThat(signed.blockhash()).isEqualTo(blockhash);
    }

    @Test
    void transactionOfAnotherPayer_isNotSigned() {
        byte[] wire = SignedTransaction.unsigned(Keypair.generate().publicKey(), blockhash, "x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedTransaction.sign(key, wire))
                .withMessageContaining("pays");
    }

    @Test
    void cutOffOrForeignBytes_areRefused() {
        byte[] wire = SignedTransaction.unsigned(key.publicKey(), blockhash, "memo");
        for (int length = 0; length < wire.length - 8; length++) {
            byte[] cut = Arrays.copyOf(wire, length);
            assertThatIllegalArgumentException().as("%d bytes", length).isThrownBy(() -> SignedTransaction.parse(cut));
        }
        byte[] twoSigners = wire.clone();
        twoSigners[65] = 2;
        assertThatIllegalArgumentException().isThrownBy(() -> SignedTransaction.parse(twoSigners));
        byte[] manyAccounts = wire.clone();
        manyAccounts[68] = 127;
        assertThatIllegalArgumentException().isThrownBy(() -> SignedTransaction.parse(manyAccounts));
    }
}
