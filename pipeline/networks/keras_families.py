"""The networks of `tf.keras.applications`: their sizes, and what each family does to pixels."""

from __future__ import annotations

from pipeline.networks.preprocessing import Preprocessing

SIDES = {
    **dict.fromkeys(
        ("ConvNeXtTiny", "ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge"), 224
    ),
    **dict.fromkeys(("DenseNet121", "DenseNet169", "DenseNet201"), 224),
    **{
        f"EfficientNetB{number}": side for number, side in enumerate((224, 240, 260, 300, 380, 456, 528, 600))
    },
    **{f"EfficientNetV2B{number}": side for number, side in enumerate((224, 240, 260, 300))},
    **{"EfficientNetV2S": 384, "EfficientNetV2M": 480, "EfficientNetV2L": 480},
    **{"InceptionV3": 299, "InceptionResNetV2": 299, "Xception": 299},
    **dict.fromkeys(("MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large"), 224),
    **{"NASNetMobile": 224, "NASNetLarge": 331},
    **dict.fromkeys((f"ResNet{layers}{version}" for layers in (50, 101, 152) for version in ("", "V2")), 224),
    **{"VGG16": 224, "VGG19": 224},
}
"""Height and width in pixels that each was trained with, by the name of the function that makes it."""

BYTES = ("ConvNeXt", "EfficientNet", "MobileNetV3")  # they begin with layers that do it themselves
IMAGENET = ("DenseNet",)
CAFFE = ("ResNet", "VGG")
MEAN, DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
CAFFE_MEAN = (103.939, 116.779, 123.68)  # blue, green, red


def preprocessing_of(network: str) -> Preprocessing:
    """Say what is done to images before a network of `tf.keras.applications`.

    Values are what the family's ``preprocess_input`` makes of them; how an image becomes a square, Keras leaves open.

    Parameters
    ----------
    network : str
        One of ``SIDES``.
    """
    side = SIDES[network]
    if network.startswith(BYTES):
        return Preprocessing(side, "squash", "bicubic", 0, 1)
    if network.startswith(IMAGENET):
        return Preprocessing(side, "squash", "bicubic", MEAN, DEVIATION)
    if network.startswith(CAFFE) and not network.endswith("V2"):
        return Preprocessing(side, "squash", "bicubic", CAFFE_MEAN, 1, channels="bgr")
    return Preprocessing(side, "squash", "bicubic", 127.5, 127.5)
