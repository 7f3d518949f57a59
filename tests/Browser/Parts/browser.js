// What the tests call inside the browser. One peer connection per page object; media is made up: a tone and a moving picture.
(() => {
    const audio = new AudioContext();
    const peers = {};

    function tone(frequency) {
        const oscillator = audio.createOscillator();
        oscillator.frequency.value = frequency;
        const gain = audio.createGain();
        gain.gain.value = 0.5;
        const target = audio.createMediaStreamDestination();
        oscillator.connect(gain).connect(target);
        oscillator.start();
        return target.stream.getAudioTracks()[0];
    }

    // Pictures a second: rate, 25 when not said. busy: fifty with some noise, which no encoder makes small.
    function picture(size, busy, rate = busy ? 50 : 25) {
        const canvas = document.createElement('canvas');
        canvas.width = size || 320;
        canvas.height = canvas.width * 3 / 4;
        const context = canvas.getContext('2d');
        let frame = 0;
        setInterval(() => {
            frame++;
            context.fillStyle = `hsl(${frame % 360}, 80%, 50%)`;
            context.fillRect(0, 0, canvas.width, canvas.height);
            context.fillStyle = 'black';
            context.fillText(`frame ${frame}`, 20 + frame % 200, 120);
            if (busy) {
                const noise = context.createImageData(64, 48);
                const words = new Uint32Array(noise.data.buffer);
                for (let i = 0; i < words.length; i++) words[i] = Math.random() * 0x100000000 | 0xff000000;
                context.putImageData(noise, 0, 0);
            }
        }, 1000 / rate);
        return canvas.captureStream(rate).getVideoTracks()[0];
    }

    function make(name, config) {
        const pc = new RTCPeerConnection(config || {});
        const peer = peers[name] = { pc, created: performance.now(), connectedAt: 0, audios: [], videos: [], firstFrameAt: 0, log: [] };
        pc.onconnectionstatechange = () => {
            peer.log.push(`${Math.round(performance.now() - peer.created)} ${pc.connectionState}`);
            if (pc.connectionState === 'connected' && !peer.connectedAt) peer.connectedAt = performance.now();
        };
        pc.oniceconnectionstatechange = () => peer.log.push(`${Math.round(performance.now() - peer.created)} ice ${pc.iceConnectionState}`);
        pc.ontrack = event => {
            const stream = new MediaStream([event.track]);
            const element = document.createElement(event.track.kind);
            element.muted = true;
            element.autoplay = true;
            element.srcObject = stream;
            document.body.appendChild(element);
            if (event.track.kind === 'audio') {
                const analyser = audio.createAnalyser();
                analyser.fftSize = 8192;
                audio.createMediaStreamSource(stream).connect(analyser);
                peer.audios.push(analyser);
            } else {
                peer.videos.push(element);
                element.requestVideoFrameCallback(() => { peer.firstFrameAt ||= performance.now(); });
            }
        };
        return peer;
    }

    async function gathered(pc) {
        if (pc.iceGatheringState !== 'complete') {
            await new Promise(done => {
                const look = () => pc.iceGatheringState === 'complete' && done();
                pc.addEventListener('icegatheringstatechange', look);
                setTimeout(done, 2000);
            });
        }
        return pc.localDescription.sdp;
    }

    // An offer that sends (and, unless sendonly, receives) a tone and perhaps a picture. leastRate: kbit/s that its path is said to carry.
    window.offer = async (name, options) => {
        await audio.resume();
        const peer = make(name, options.config);
        peer.leastRate = options.leastRate;
        const direction = options.direction || 'sendonly';
        const sound = peer.pc.addTransceiver(options.tone ? tone(options.tone) : 'audio', { direction });
        if (options.codec) {
            const wanted = RTCRtpReceiver.getCapabilities('audio').codecs.filter(c => c.mimeType.toLowerCase() === options.codec);
            sound.setCodecPreferences(wanted);
        }
        if (options.video) peer.pc.addTransceiver(picture(options.size, options.busy, options.rate), { direction, sendEncodings: options.encodings });
        await peer.pc.setLocalDescription(await peer.pc.createOffer());
        return gathered(peer.pc);
    };

    window.accept = async (name, sdp) => {
        const peer = peers[name];
        if (peer.leastRate) {
            const rates = `x-google-start-bitrate=${peer.leastRate};x-google-min-bitrate=${peer.leastRate}`;
            sdp = sdp.replace(/a=rtpmap:(\d+) VP8.*\r\n/, `$&a=fmtp:$1 ${rates}\r\n`);
        }
        await peer.pc.setRemoteDescription({ type: 'answer', sdp });
        peer.created = performance.now();
    };

    // A new offer of a connection that is there: ICE restart.
    window.restart = async name => {
        const pc = peers[name].pc;
        await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
        return gathered(pc);
    };

    // Answers an offer; with a tone it sends back too.
    window.answer = async (name, sdp, options) => {
        await audio.resume();
        options = options || {};
        const peer = make(name, options.config);
        const note = what => peer.log.push(`${Math.round(performance.now() - peer.created)} ${what}`);
        await peer.pc.setRemoteDescription({ type: 'offer', sdp });
        note('offered');
        if (options.tone) {
            const transceiver = peer.pc.getTransceivers()[0];
            await transceiver.sender.replaceTrack(tone(options.tone));
            transceiver.direction = 'sendrecv';
        }
        await peer.pc.setLocalDescription(await peer.pc.createAnswer());
        const answer = await gathered(peer.pc);
        note('answered');
        return answer;
    };

    window.mute = (name, muted) => peers[name].pc.getSenders().forEach(sender => { if (sender.track) sender.track.enabled = !muted; });

    // The loudest frequency that a connection hears, in Hz; 0: silence.
    window.heard = name => peers[name].audios.map(analyser => {
        const bins = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(bins);
        let best = 0;
        for (let i = 2; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
        return bins[best] < -60 ? 0 : best * audio.sampleRate / analyser.fftSize;
    });

    window.report = async name => {
        const peer = peers[name];
        const result = {
            state: peer.pc.connectionState, ice: peer.pc.iceConnectionState, log: peer.log.join(', '),
            connectMillis: peer.connectedAt ? peer.connectedAt - peer.created : -1,
            // A picture may be drawn just before the page hears that it is connected: that is at once.
            frameMillis: peer.firstFrameAt && peer.connectedAt ? Math.max(0, peer.firstFrameAt - peer.connectedAt) : -1,
            audioPackets: 0, videoFrames: 0, videoPackets: 0, lost: 0, sentPackets: 0, nacks: 0, plis: 0, width: 0, keyFrames: 0,
            retransmitted: 0, roundTripMillis: 0, coding: '',
        };
        (await peer.pc.getStats()).forEach(entry => {
            if (entry.type === 'inbound-rtp' && entry.kind === 'audio') result.audioPackets += entry.packetsReceived;
            if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
                result.videoFrames += entry.framesDecoded || 0;
                result.videoPackets += entry.packetsReceived;
                result.lost += entry.packetsLost;
                result.nacks += entry.nackCount || 0;
                result.width = entry.frameWidth || 0;
                result.keyFrames += entry.keyFramesDecoded || 0;
                result.retransmitted += entry.retransmittedPacketsReceived || 0;
            }
            if (entry.type === 'outbound-rtp') {
                result.sentPackets += entry.packetsSent;
                result.plis += entry.pliCount || 0;
                if (entry.kind === 'video') result.coding += `${entry.scalabilityMode} ${entry.framesPerSecond} fps, ${entry.targetBitrate} bit/s, ${entry.qualityLimitationReason}, ${entry.rid || 'alone'} ${entry.active} ${entry.frameWidth} ${entry.framesEncoded} frames, ${entry.keyFramesEncoded} key, ${entry.pliCount} PLI; `;
            }
            if (entry.type === 'remote-inbound-rtp' && entry.kind === 'video') result.roundTripMillis = 1000 * (entry.roundTripTime || 0);
        });
        return result;
    };

    window.closePeer = name => { peers[name].pc.close(); delete peers[name]; };
})();
