#!/usr/bin/python3
"""A WebRTC peer on GStreamer's webrtcbin, driven by lines of JSON on standard input; its answers are lines of JSON on standard output.

offer {tone}: makes an offer that sends a tone and a picture; answer {sdp}: answers an offer; accept {sdp}: takes the answer to its offer;
report: {"state", "frequency" of the loudest sound, "frames" of decoded video}.
"""
import json
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstWebRTC', '1.0')
gi.require_version('GstSdp', '1.0')
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

BANDS = 2400  # of 24 kHz: 10 Hz each

Gst.init(None)
pipeline = Gst.Pipeline.new('peer')
peer = Gst.ElementFactory.make('webrtcbin', 'peer')
peer.set_property('bundle-policy', 'max-bundle')
pipeline.add(peer)
heard = {'frequency': 0, 'frames': 0}


def say(**values):
    print(json.dumps(values), flush=True)


def on_spectrum(_bus, message):
    structure = message.get_structure()
    if structure.get_name() != 'spectrum':
        return
    # Python cannot read the list of magnitudes from the structure itself, but from its text.
    text = structure.to_string()
    bands = [float(band) for band in text[text.index('magnitude=(float){') + 18:].split('}')[0].split(',')]
    loudest = max(range(2, len(bands)), key=bands.__getitem__)
    heard['frequency'] = 0 if bands[loudest] < -60 else (loudest + 0.5) * 24000 / BANDS


def on_frame(_pad, _info):
    heard['frames'] += 1
    return Gst.PadProbeReturn.OK


def on_decoded(_bin, pad):
    if pad.get_current_caps().get_structure(0).get_name().startswith('audio'):
        sink = Gst.parse_bin_from_description(
            f'queue ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=1 ! spectrum bands={BANDS} threshold=-90 ! fakesink', True)
    else:
        sink = Gst.parse_bin_from_description('queue ! fakesink', True)
        pad.add_probe(Gst.PadProbeType.BUFFER, on_frame)
    pipeline.add(sink)
    sink.sync_state_with_parent()
    pad.link(sink.get_static_pad('sink'))


def on_pad(_peer, pad):
    if pad.get_direction() != Gst.PadDirection.SRC:
        return
    decoder = Gst.ElementFactory.make('decodebin')
    decoder.connect('pad-added', on_decoded)
    pipeline.add(decoder)
    decoder.sync_state_with_parent()
    pad.link(decoder.get_static_pad('sink'))


def describe(kind):
    """Makes and sets the local description; says it once all candidates are in it."""
    def made(promise):
        reply = promise.get_reply()  # owns what it holds
        description = reply.get_value(kind) if reply.has_field(kind) else sys.exit(reply.to_string())
        peer.emit('set-local-description', description, Gst.Promise.new())
    peer.emit('create-' + kind, None, Gst.Promise.new_with_change_func(made))


def on_gathering(_peer, _property):
    if peer.get_property('ice-gathering-state') == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        say(sdp=peer.get_property('local-description').sdp.as_text())


def set_remote(kind, text, then=None):
    _result, message = GstSdp.SDPMessage.new_from_text(text)
    description = GstWebRTC.WebRTCSessionDescription.new(kind, message)
    peer.emit('set-remote-description', description, Gst.Promise.new_with_change_func(lambda _promise: then and then()))


def offer(command):
    media = Gst.parse_bin_from_description(
        f'audiotestsrc is-live=true wave=sine freq={command["tone"]} volume=0.5 ! audioconvert ! audio/x-raw,channels=2 ! opusenc ! rtpopuspay pt=96 '
        '! application/x-rtp,media=audio,encoding-name=OPUS,encoding-params=(string)2,payload=96 ! identity name=audio '
        'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! vp8enc deadline=1 keyframe-max-dist=25 '
        '! rtpvp8pay pt=97 ! application/x-rtp,media=video,encoding-name=VP8,payload=97 ! identity name=video', False)
    for name in ('audio', 'video'):
        media.add_pad(Gst.GhostPad.new(name, media.get_by_name(name).get_static_pad('src')))
    pipeline.add(media)
    for name in ('audio', 'video'):
        media.get_static_pad(name).link(peer.request_pad_simple('sink_%u'))
    pipeline.set_state(Gst.State.PLAYING)
    describe('offer')


def answer(command):
    pipeline.set_state(Gst.State.PLAYING)
    set_remote(GstWebRTC.WebRTCSDPType.OFFER, command['sdp'], lambda: describe('answer'))


def accept(command):
    set_remote(GstWebRTC.WebRTCSDPType.ANSWER, command['sdp'])
    say()


def report(_command):
    say(state=peer.get_property('connection-state').value_nick, **heard)


def on_line(_source, _condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    command = json.loads(line)
    {'offer': offer, 'answer': answer, 'accept': accept, 'report': report}[command['do']](command)
    return True


peer.connect('pad-added', on_pad)
peer.connect('notify::ice-gathering-state', on_gathering)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect('message::element', on_spectrum)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
loop.run()
pipeline.set_state(Gst.State.NULL)
